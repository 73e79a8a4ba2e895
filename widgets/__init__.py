"""Everything of Bongsu that is Qt: a package per feature, meeting only through board, pulse and actions."""
