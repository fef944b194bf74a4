/* Sanitizers make a program several times slower. What tries many inputs of one kind takes one of
 * so many of them there; make check without sanitizers takes all. */
#ifndef HEADROOM_TESTS_UNIT_SLOW_BUILD_H
#define HEADROOM_TESTS_UNIT_SLOW_BUILD_H

#ifndef __has_feature
#define __has_feature(name) 0
#endif

enum {
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
	ONE_OF = 4
#else
	ONE_OF = 1
#endif
};

#endif
