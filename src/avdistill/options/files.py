"""Options that many commands share: the files that describe a data set, and a figure to write."""

from avdistill.options.command import option, path_option

DATASET = path_option("--dataset", help="dataset.json")
RECORDS = path_option("--records", help="manifest.csv of the records, in their folder")
SEQUENCES = option("--sequences", required=True, nargs="+", help="names of the sequences")
FIGURE = path_option("--output", help="PNG to write; an SVG goes into the same folder")
