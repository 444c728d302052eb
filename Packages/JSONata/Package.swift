// swift-tools-version:6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

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
        .target(name: "JSON", swiftSettings: settings),
        .target(name: "JSONata", dependencies: ["JSON"], swiftSettings: settings),
        .target(name: "ToolSupport", swiftSettings: settings),
        .executableTarget(name: "jsonata-conformance", dependencies: ["JSON", "JSONata", "ToolSupport"], swiftSettings: settings),
        .executableTarget(name: "jsonata-bench", dependencies: ["JSON", "JSONata", "ToolSupport"], swiftSettings: settings),
        .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: settings),
        .testTarget(name: "JSONataTests", dependencies: ["JSON", "JSONata"], swiftSettings: settings),
    ]
)
