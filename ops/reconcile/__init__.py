"""received = answered + escalated + recorded + pending + dead: for each seller and day, from the rows."""
