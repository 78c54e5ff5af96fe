"""Words for acts and for those who act: actions, classes, machine codes, actors."""
