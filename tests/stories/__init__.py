"""What people do all day, in a real browser against the real product, each within its count of actions."""
