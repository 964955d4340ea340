// libcurl, as the system has it.
#ifndef HEADRACE_CLIBCURL_H
#define HEADRACE_CLIBCURL_H

#include <curl/curl.h>

#endif
