#!/bin/sh
# Starts Echo, once it is compiled: javac -d classes Echo.java Json.java
# (Java can also run a source file, but then each node would compile it for itself, all at the same time.)
exec java -cp "$(dirname "$0")/classes" Echo
