// swift-tools-version: 6.2
import PackageDescription

/// The SDK for handlers, as `make release` puts it beside the binaries: sources only, no dependency.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
    name: "HandlerSDK",
    platforms: [.macOS(.v15)],
    products: [.library(name: "HandlerSDK", targets: ["HandlerSDK"])],
    targets: [
        .target(name: "PureJSON", swiftSettings: settings),
        .target(name: "CHandlerABI"),
        .target(
            name: "HandlerSDK", dependencies: ["CHandlerABI", "PureJSON"],
            swiftSettings: settings + [.strictMemorySafety()]),
    ],
    swiftLanguageModes: [.v6]
)
