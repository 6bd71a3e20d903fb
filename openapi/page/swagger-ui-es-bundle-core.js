// Left out of the program: the page at /docs/ loads swagger-ui-bundle.js, which holds the same.
