// An author imports HandlerSDK alone: JSON values and the C entry point are part of what it offers.
@_exported public import CHandlerABI
@_exported public import PureJSON
