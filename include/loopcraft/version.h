/* version.h: the program's version, by semver.org. */
#ifndef LOOPCRAFT_VERSION_H
#define LOOPCRAFT_VERSION_H

#define LOOPCRAFT_VERSION "0.1.0"

#endif
