// swift-tools-version:6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    // An async function runs where its caller does: there are no actors, and each hop costs.
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let json = Target.Dependency.product(name: "JSON", package: "JSONata")
let jsonata = Target.Dependency.product(name: "JSONata", package: "JSONata")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioConcurrencyHelpers = Target.Dependency.product(name: "NIOConcurrencyHelpers", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTPTypesHTTP1 = Target.Dependency.product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")
let nioHTTP2 = Target.Dependency.product(name: "NIOHTTP2", package: "swift-nio-http2")
let nioHPACK = Target.Dependency.product(name: "NIOHPACK", package: "swift-nio-http2")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let tracing = Target.Dependency.product(name: "Tracing", package: "swift-distributed-tracing")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

/// A library target and the tests beside it.
func module(
    _ name: String, _ dependencies: [Target.Dependency] = [], tests: [Target.Dependency] = [],
    plugins: [Target.PluginUsage] = [], excluding: [String] = []
) -> [Target] {
    [
        .target(name: name, dependencies: dependencies, swiftSettings: settings, plugins: plugins),
        .testTarget(
            name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies + tests, exclude: excluding,
            swiftSettings: settings
        ),
    ]
}

let package = Package(
    name: "attache",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "attache", targets: ["attache"]),
        .library(name: "Sandbox", targets: ["Sandbox"]),
        .executable(name: "storage-bench", targets: ["storage-bench"]),
    ],
    // Exact, so that everybody builds the same program: see "Dependencies" in CONTRIBUTING.md.
    dependencies: [
        .package(path: "Packages/JSONata"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-certificates", exact: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", exact: "1.7.3"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", exact: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: module("Encodings", [json])
        + module("MappingFunctions", [json, jsonata, "Encodings", crypto])
        + module("Multipart", [nioCore, json, "Encodings"], tests: ["TestSupport"])
        + module(
            "Catalog", [json, jsonata, "MappingFunctions", "Encodings", httpTypes, .product(name: "Yams", package: "Yams")],
            plugins: ["EmbedCatalog"]
        )
        + [
            .target(
                name: "TestSupport", dependencies: [nioCore, nioPosix, nioSSL, nioConcurrencyHelpers], path: "Tests/TestSupport",
                swiftSettings: settings
            )
        ]
        + [
            .executableTarget(name: "embed-catalog", swiftSettings: settings),
            .plugin(name: "EmbedCatalog", capability: .buildTool(), dependencies: ["embed-catalog"]),
            .plugin(name: "StampBuild", capability: .buildTool()),
            .plugin(name: "EmbedDocs", capability: .buildTool(), dependencies: ["embed-catalog"]),
        ]
        + module(
            "Upstream",
            [
                "Encodings", nioCore, nioPosix, nioHTTP1, nioSSL, httpTypes, logging, tracing,
            ], tests: ["TestSupport", nioEmbedded, x509, crypto])
        + [
            .target(
                name: "StorageTestSupport", path: "Tests/StorageTestSupport",
                swiftSettings: settings
            )
        ]
        + module(
            "Storage",
            [
                "Encodings", crypto, .product(name: "GRDB", package: "GRDB.swift"),
            ],
            tests: ["StorageTestSupport"], excluding: ["Schemas"]
        )
        + module("Accounts", [json, "Encodings", "Storage", httpTypes, crypto, logging], tests: ["StorageTestSupport", "TestSupport"])
        + module(
            "Unified",
            [
                json, jsonata, "Encodings", "Catalog", "Upstream", "Multipart", "Accounts", "Storage", nioCore, nioPosix, httpTypes,
                logging, tracing, crypto,
            ], tests: ["TestSupport", nioEmbedded, nioHTTP1])
        + module("Telemetry", [json, "Upstream", coreMetrics, tracing, logging])
        + module(
            "Gateway",
            [
                json, "Encodings", "Telemetry", "Catalog", "Upstream", "Multipart", "Accounts", "Storage", "Unified",
                hummingbirdCore, httpTypes, logging, nioCore, nioPosix, nioHTTP1, nioHTTP2, nioHPACK, nioHTTPTypesHTTP1,
                nioSSL, nioTLS, lifecycle, tracing, crypto,
            ], tests: ["Sandbox", "StorageTestSupport", "TestSupport", asyncHTTPClient, nioEmbedded, x509], plugins: ["EmbedDocs"])
        + module(
            "Sandbox",
            [
                json, jsonata, "MappingFunctions", "Encodings", hummingbird, httpTypes, logging, nioCore, nioPosix, nioHTTP1,
                nioHTTPTypes, lifecycle,
                crypto,
                asyncHTTPClient,
            ], tests: ["Catalog", "TestSupport"])
        + [
            .executableTarget(
                name: "attache",
                dependencies: [
                    json, jsonata, "Encodings", "MappingFunctions", "Catalog", "Accounts", "Storage", "Unified", "Gateway", "Sandbox",
                    "Upstream",
                    "Telemetry",
                    "Multipart", .product(name: "Yams", package: "Yams"), arguments, logging, lifecycle, unixSignals,
                    asyncHTTPClient, nioHTTP1, nioSSL,
                    nioCore, nioPosix,
                ],
                swiftSettings: settings,
                // Its symbols are for no other program: without a table of them it takes 2 MB less memory.
                linkerSettings: [
                    .unsafeFlags(["-Xlinker", "--no-export-dynamic"], .when(platforms: [.linux], configuration: .release))
                ],
                plugins: ["StampBuild"]
            ),
            .testTarget(
                name: "attacheTests",
                dependencies: [
                    "attache", json, "Storage", "TestSupport", "Telemetry", "Accounts", "Gateway", "Upstream", arguments, logging,
                    nioCore,
                    nioPosix, asyncHTTPClient,
                ],
                swiftSettings: settings
            ),
            .executableTarget(
                name: "storage-bench",
                dependencies: ["Storage", "StorageTestSupport", .product(name: "GRDB", package: "GRDB.swift")],
                swiftSettings: settings
            ),
        ]
)

// script/lib/check-sanitizers builds a few targets alone.
if let only = Context.environment["ATTACHE_ONLY_TARGETS"]?.split(separator: ",").map(String.init) {
    package.targets.removeAll { !only.contains($0.name) }
    package.products = []
}
