"""What the station tells people: public guide, self-test, questions and answers, articles."""
