"""The parts that a material is described with: its examples, typed facts, validity, repair …"""
