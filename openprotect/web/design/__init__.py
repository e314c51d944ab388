"""What every page stands on: layouts, form fields, components and the words for time."""
