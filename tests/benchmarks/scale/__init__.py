"""The portal as it is after years, of any number of cases, and the time that its pages take.

`plan` says what happened to each case, `seeding` writes the rows, a module a room, `pages` names
what is looked at by whom, `timing` looks, `explaining` asks the database how, `report` prints.
"""
