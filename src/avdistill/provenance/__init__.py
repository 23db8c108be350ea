"""What results were made by: code, commit, and files of the user's."""
