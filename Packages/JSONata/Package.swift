// swift-tools-version:6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// Debug builds too are optimized, with their assertions: all tests of the gateway run through this code, and took a quarter
/// more time without. (A package with such flags can be used by path, not by version.)
let optimized =
    settings + [.unsafeFlags(["-O", "-assert-config", "Debug"], .when(configuration: .debug))]

// Nothing outside is needed, so that the language can be built and tested alone.
let package = Package(
    name: "JSONata",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "JSON", targets: ["JSON"]),
        .library(name: "JSONata", targets: ["JSONata"]),
        .executable(name: "jsonata-conformance", targets: ["jsonata-conformance"]),
        .executable(name: "jsonata-bench", targets: ["jsonata-bench"]),
    ],
    targets: [
        .target(name: "JSON", swiftSettings: optimized),
        .target(name: "JSONata", dependencies: ["JSON"], swiftSettings: optimized),
        .target(name: "ToolSupport", swiftSettings: settings),
        .executableTarget(name: "jsonata-conformance", dependencies: ["JSON", "JSONata", "ToolSupport"], swiftSettings: settings),
        .executableTarget(name: "jsonata-bench", dependencies: ["JSON", "JSONata", "ToolSupport"], swiftSettings: settings),
        .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: settings),
        .testTarget(name: "JSONataTests", dependencies: ["JSON", "JSONata"], swiftSettings: settings),
    ]
)
