"""Reports, figures and the gallery of circuits."""
