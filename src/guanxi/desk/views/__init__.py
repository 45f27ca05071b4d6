"""The pages of the shell: home, search, the 360° page as composed, reminders."""
