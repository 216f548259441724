"""Files that somebody drops into a folder, as SFTP servers put them."""
