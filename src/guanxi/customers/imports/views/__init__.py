"""Pages of imports: the list of them, the wizard's steps, and what became of one."""
