"""From the tables of the earlier system to the one naming rule and today's rows."""
