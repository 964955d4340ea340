// swift-tools-version: 6.2
import PackageDescription

/// The settings that every target of this package is built with.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// ``strict`` for targets that touch pointers: every unsafe use is marked.
let strictMemory: [SwiftSetting] = strict + [.strictMemorySafety()]

/// How libraries of handlers are linked: one exported symbol, the Swift runtime inside, never unloaded.
let handlerLibrary: [LinkerSetting] = [
    .unsafeFlags([
        "-static-stdlib", "-use-ld=lld", "-Xlinker", "-s", "-Xlinker", "--gc-sections", "-Xlinker", "-z", "-Xlinker",
        "nodelete", "-Xlinker", "--version-script=\(Context.packageDirectory)/Plugins/exports.map",
    ])
]

// Products of other packages, each named once.
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let serviceLifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

let package = Package(
    name: "headrace",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "headrace", targets: ["headrace"]),
        .executable(name: "headrace-host", targets: ["headrace-host"]),
        .executable(name: "headrace-probe", targets: ["headrace-probe"]),
        .executable(name: "lab", targets: ["lab"]),
        .library(name: "HandlerSDK", targets: ["HandlerSDK"]),
        .library(name: "CHandlerABI", targets: ["CHandlerABI"]),
        .library(name: "csv_validate", type: .dynamic, targets: ["CSVValidatePlugin"]),
        .library(name: "column_map", type: .dynamic, targets: ["ColumnMapPlugin"]),
        .library(name: "churn_predict", type: .dynamic, targets: ["ChurnPredictPlugin"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Leaf: text formats, standard library only.
        .target(name: "PureJSON", swiftSettings: strict),

        // YAML with places, without what misleads.
        .target(name: "YAMLDocument", dependencies: ["PureJSON", yams], swiftSettings: strict),

        // Leaf: work that blocks, away from the threads that tasks share.
        .target(name: "Offloading", swiftSettings: strict),
        .testTarget(name: "OffloadingTests", dependencies: ["Offloading"], swiftSettings: strict),

        // Ports and domain.
        .target(name: "JobCore", dependencies: ["PureJSON"], swiftSettings: strict),

        // Adapters: the machine's clocks.
        .target(name: "SystemTime", dependencies: ["JobCore"], swiftSettings: strict),

        // Wire.
        .systemLibrary(
            name: "CLibcurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .target(name: "CCurlShims", dependencies: ["CLibcurl"]),
        .systemLibrary(name: "CLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(
            name: "HTTPTransport", dependencies: ["CLibcurl", "CCurlShims", httpTypes],
            swiftSettings: strictMemory),
        .target(
            name: "AWSWire", dependencies: ["PureJSON", "JobCore", "CLibcrypto", httpTypes],
            swiftSettings: strictMemory),

        // Adapters.
        .target(
            name: "AWSAdapters",
            dependencies: ["AWSWire", "HTTPTransport", "JobCore", "Offloading", "PureJSON", httpTypes],
            swiftSettings: strict),
        .target(name: "SQLiteJobStore", dependencies: ["JobCore", "PureJSON", grdb], swiftSettings: strict),
        .target(name: "CMemory"),
        .target(
            name: "FakeCloud",
            dependencies: [
                "AWSWire", "CMemory", "JobCore", "PureJSON", grdb, httpTypes, hummingbirdCore, logging, nioCore,
                nioPosix, serviceLifecycle,
            ],
            resources: [.embedInCode("Lab/Page")], swiftSettings: strict),

        // Handlers: the contract, the authors' side, the hosting side.
        .target(name: "CHandlerABI"),
        .target(name: "HandlerSDK", dependencies: ["CHandlerABI", "PureJSON"], swiftSettings: strictMemory),
        .target(name: "HandlerScaffold", swiftSettings: strict),
        .target(name: "HostProtocol", swiftSettings: strict),
        .target(name: "CHostProcess"),
        .target(name: "HandlerCalls", dependencies: ["CHandlerABI", "HostProtocol"], swiftSettings: strictMemory),
        .target(
            name: "HandlerHosting",
            dependencies: [
                "CHandlerABI", "CHostProcess", "CLibcrypto", "HostProtocol", "JobCore", "PureJSON", logging, yams,
            ],
            resources: [.embedInCode("Schema/handler.schema.json")],
            swiftSettings: strictMemory),
        .executableTarget(
            name: "headrace-host",
            dependencies: ["CHandlerABI", "CHostProcess", "HandlerCalls", "HostProtocol"],
            swiftSettings: strictMemory),

        // Checks of handlers: the adversarial host, and what is asked of it.
        .target(name: "CHandlerProbe"),
        .target(name: "ProbeProtocol", swiftSettings: strict),
        .executableTarget(
            name: "headrace-probe",
            dependencies: [
                "CHandlerABI", "CHandlerProbe", "CHostProcess", "HandlerCalls", "HostProtocol", "ProbeProtocol",
                "PureJSON",
            ],
            swiftSettings: strictMemory),
        .target(
            name: "HandlerCheck",
            dependencies: [
                "CHandlerABI", "CHandlerProbe", "CHostProcess", "HandlerHosting", "HostProtocol", "JobCore",
                "ProbeProtocol", "PureJSON", logging,
            ],
            swiftSettings: strictMemory),

        // The lab's world, and the runner's part in it.
        .target(name: "LabProtocol", dependencies: ["PureJSON"], swiftSettings: strict),
        .target(name: "CTaskHook"),
        .target(
            name: "LabLink",
            dependencies: [
                "CTaskHook", "HTTPTransport", "JobCore", "LabProtocol", "Offloading", "PureJSON", httpTypes,
            ],
            swiftSettings: strictMemory),

        .target(name: "CLabProcess"),
        .target(
            name: "LabEngine",
            dependencies: [
                "AWSWire", "CLabProcess", "FakeCloud", "JobCore", "LabProtocol", "PureJSON", "SystemTime", logging,
                serviceLifecycle,
            ],
            swiftSettings: strict),

        // Engine.
        .target(
            name: "JobRunner", dependencies: ["JobCore", "PureJSON", logging],
            swiftSettings: strict),

        // The scenario files of the lab.
        .target(
            name: "ScenarioDSL", dependencies: ["JobCore", "PureJSON", "YAMLDocument", yams], swiftSettings: strict),

        // Command line.
        .target(
            name: "RunnerCommand",
            dependencies: [
                "AWSAdapters", "AWSWire", "FakeCloud", "HTTPTransport", "HandlerCheck", "HandlerHosting",
                "HandlerScaffold", "JobCore",
                "JobRunner",
                "LabLink", "Offloading", "PureJSON", "SQLiteJobStore", "SampleData", "SystemTime", "TabularData",
                argumentParser, logging, serviceLifecycle,
                unixSignals, yams,
            ],
            swiftSettings: strict),
        .executableTarget(name: "headrace", dependencies: ["RunnerCommand"], swiftSettings: strict),
        .target(
            name: "LabCommand",
            dependencies: [
                "AWSWire", "FakeCloud", "JobCore", "PureJSON", "ScenarioDSL", "SystemTime", argumentParser, logging,
                serviceLifecycle, unixSignals, yams,
            ],
            swiftSettings: strict),
        .executableTarget(name: "lab", dependencies: ["LabCommand", argumentParser], swiftSettings: strict),

        // Bundled handlers: logic in one target, the exported C entry point in another.
        .target(name: "TabularData", swiftSettings: strictMemory),
        .target(
            name: "CSVValidate", dependencies: ["HandlerSDK", "PureJSON", "TabularData"],
            path: "Plugins/CSVValidate/Sources", swiftSettings: strict),
        .target(
            name: "CSVValidatePlugin", dependencies: ["CHandlerABI", "CSVValidate", "HandlerSDK"],
            path: "Plugins/CSVValidate/Entry", swiftSettings: strictMemory, linkerSettings: handlerLibrary),
        .target(
            name: "ColumnMap", dependencies: ["HandlerSDK", "PureJSON", "TabularData"],
            path: "Plugins/ColumnMap/Sources", swiftSettings: strict),
        .target(
            name: "ColumnMapPlugin", dependencies: ["CHandlerABI", "ColumnMap", "HandlerSDK"],
            path: "Plugins/ColumnMap/Entry", swiftSettings: strictMemory, linkerSettings: handlerLibrary),
        .target(
            name: "ChurnPredict", dependencies: ["HandlerSDK", "PureJSON", "TabularData"],
            path: "Plugins/ChurnPredict/Sources", swiftSettings: strictMemory),

        // Made-up customers for the demonstration, the lab and tests.
        .target(name: "SampleData", swiftSettings: strict),

        .target(
            name: "ChurnPredictPlugin", dependencies: ["CHandlerABI", "ChurnPredict", "HandlerSDK"],
            path: "Plugins/ChurnPredict/Entry", swiftSettings: strictMemory, linkerSettings: handlerLibrary),

        // Tests.
        .target(name: "JobTestKit", dependencies: ["JobCore", "PureJSON"], swiftSettings: strict),
        .testTarget(name: "PureJSONTests", dependencies: ["PureJSON"], swiftSettings: strict),
        .testTarget(name: "JobCoreTests", dependencies: ["JobCore", "JobTestKit", "PureJSON"], swiftSettings: strict),
        .testTarget(
            name: "JobRunnerTests", dependencies: ["JobCore", "JobRunner", "JobTestKit", "PureJSON", logging],
            swiftSettings: strict),
        .testTarget(
            name: "HTTPTransportTests", dependencies: ["HTTPTransport", httpTypes], swiftSettings: strict),
        .testTarget(
            name: "AWSWireTests", dependencies: ["AWSWire", "JobCore", "PureJSON", httpTypes], swiftSettings: strict),
        .testTarget(
            name: "AWSAdaptersTests",
            dependencies: [
                "AWSAdapters", "AWSWire", "FakeCloud", "HTTPTransport", "JobCore", "JobTestKit", httpTypes, logging,
                serviceLifecycle,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "FakeCloudTests",
            dependencies: [
                "AWSWire", "FakeCloud", "JobCore", "JobTestKit", "PureJSON", httpTypes, logging, nioPosix,
                serviceLifecycle,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "SQLiteJobStoreTests", dependencies: ["JobCore", "JobTestKit", "PureJSON", "SQLiteJobStore", grdb],
            swiftSettings: strict),
        .testTarget(
            name: "HandlerSDKTests", dependencies: ["CHandlerABI", "HandlerSDK", "PureJSON"],
            swiftSettings: strict),
        .testTarget(
            name: "HandlerScaffoldTests", dependencies: ["HandlerScaffold", "ScenarioDSL"], swiftSettings: strict),
        .testTarget(
            name: "HandlerHostingTests",
            dependencies: [
                "HandlerHosting", "HandlerSDK", "HostProtocol", "JobCore", "JobTestKit", "PureJSON", "headrace-host",
                logging,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "LabEngineTests",
            dependencies: ["FakeCloud", "JobCore", "LabEngine", "LabProtocol", "PureJSON", logging],
            swiftSettings: strict),
        .testTarget(
            name: "LabLinkTests", dependencies: ["LabLink", "LabProtocol", "PureJSON"],
            swiftSettings: strict),
        .testTarget(
            name: "HandlerCheckTests",
            dependencies: ["HandlerCheck", "ProbeProtocol", "PureJSON", "headrace-host", "headrace-probe"],
            swiftSettings: strict),
        .testTarget(
            name: "RunnerCommandTests",
            dependencies: ["RunnerCommand", "JobCore", "JobTestKit", "PureJSON", argumentParser, logging],
            swiftSettings: strict),
        .testTarget(
            name: "ScenarioDSLTests", dependencies: ["PureJSON", "ScenarioDSL"],
            exclude: ["Broken", "complete.yml"], swiftSettings: strict),
        .testTarget(name: "LabCommandTests", dependencies: ["LabCommand", argumentParser], swiftSettings: strict),
        .testTarget(name: "TabularDataTests", dependencies: ["TabularData"], swiftSettings: strict),
        .testTarget(
            name: "CSVValidateTests", dependencies: ["CSVValidate", "HandlerSDK", "PureJSON", "TabularData"],
            swiftSettings: strict),
        .testTarget(
            name: "ColumnMapTests", dependencies: ["ColumnMap", "HandlerSDK", "PureJSON", "TabularData"],
            swiftSettings: strict),
        .testTarget(
            name: "ChurnPredictTests",
            dependencies: ["ChurnPredict", "HandlerSDK", "PureJSON", "SampleData", "TabularData"],
            swiftSettings: strict),
        .testTarget(name: "SampleDataTests", dependencies: ["SampleData"], swiftSettings: strict),
        .testTarget(name: "TidyTests", swiftSettings: strict),

        // Fuzzing of what the fake cloud reads.
        .target(
            name: "CloudFuzz",
            dependencies: ["AWSWire", "FakeCloud", "JobCore", "PureJSON", httpTypes, logging],
            path: "Tests/Fuzz/CloudFuzz", swiftSettings: strict),
        .executableTarget(
            name: "cloud-fuzz", dependencies: ["CloudFuzz", argumentParser], path: "Tests/Fuzz/cloud-fuzz",
            swiftSettings: strict),
        .testTarget(name: "CloudFuzzTests", dependencies: ["CloudFuzz"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
