// Finds unused keys of the catalogue, and text in components that isn't in it.
