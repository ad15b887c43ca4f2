#!/bin/sh
awk '{ at_end = $0 }'
