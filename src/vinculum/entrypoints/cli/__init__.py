"""The command line: the desk's and the office's acts for people at a terminal and for scripts."""
