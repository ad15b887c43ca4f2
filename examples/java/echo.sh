#!/bin/sh
# Starts Echo, once it is compiled: javac -d classes Echo.java Json.java
# The options make a JVM ready in half the time, which counts where several start at once: no second compiler, no threads
# for collecting garbage.
exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$(dirname "$0")/classes" Echo
