"""座谈会 (symposia): each opinion becomes a task with an answer and a day."""
