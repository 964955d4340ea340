// swift-tools-version: 6.2
import PackageDescription

/// The SDK is a folder of sources; another one is chosen with the variable HEADRACE_SDK.
let sdk = Package.Dependency.package(
    name: "HandlerSDK", path: Context.environment["HEADRACE_SDK"] ?? "../../../.build/release/sdk")

let package = Package(
    name: "template-handler",
    platforms: [.macOS(.v15)],
    products: [.library(name: "template_handler", type: .dynamic, targets: ["TemplateHandlerLibrary"])],
    dependencies: [sdk],
    targets: [
        .target(
            name: "TemplateHandler",
            dependencies: [.product(name: "HandlerSDK", package: "HandlerSDK")]),
        // The library that runners load: one exported symbol, and the Swift runtime inside.
        .target(
            name: "TemplateHandlerLibrary",
            dependencies: ["TemplateHandler", .product(name: "HandlerSDK", package: "HandlerSDK")],
            linkerSettings: [
                .unsafeFlags([
                    "-static-stdlib", "-use-ld=lld", "-Xlinker", "-s", "-Xlinker", "--gc-sections",
                    "-Xlinker", "-z", "-Xlinker", "nodelete",
                    "-Xlinker", "--version-script=\(Context.packageDirectory)/exports.map",
                ])
            ]),
        .testTarget(
            name: "TemplateHandlerTests",
            dependencies: ["TemplateHandler", .product(name: "HandlerSDK", package: "HandlerSDK")]),
    ],
    swiftLanguageModes: [.v6]
)
