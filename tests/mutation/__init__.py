"""Mutation of the rules: do the tests notice when one of them is wrong?"""
