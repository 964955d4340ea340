#include "handler_abi.h"
