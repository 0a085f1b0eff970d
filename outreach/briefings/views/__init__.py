"""Pages of briefings: public ones, the door, and the station's."""
