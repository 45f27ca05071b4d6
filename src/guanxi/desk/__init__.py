"""The staff's shell: home, navigation, search, and how the 360° page is composed of the domains' panels."""
