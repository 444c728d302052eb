import ArgumentParser
import FoundationEssentials
import Gateway
import JSON
import Logging
import Testing

@testable import attache

/// What 'attache config show' says of each setting.
struct EffectiveSettingTests {
    private func effective(
        _ setting: Setting, arguments: [String] = [], environment: [String: String] = [:], file: String = ""
    ) throws -> EffectiveSetting {
        let settings = Settings(environment: environment, file: try SettingsFile(file, name: "f.yaml"))
        let all = EffectiveSetting.all(settings, try ServeOptions.parse(arguments))
        return try #require(all.first { $0.setting == setting })
    }

    @Test func `each value has its origin, in the order of precedence`() throws {
        let file = "# first\nupload:\n  max_bytes: 3MB\n"
        let environment = ["ATTACHE_UPLOAD_MAX_BYTES": "2MB"]
        var found = try effective(.uploadMaxBytes)
        #expect(found.texts == ["5GiB"] && found.origin == .fallback)
        found = try effective(.uploadMaxBytes, file: file)
        #expect(found.texts == ["3MB"] && found.origin.description == "f.yaml:3")
        found = try effective(.uploadMaxBytes, environment: environment, file: file)
        #expect(found.texts == ["2MB"] && found.origin.description == "ATTACHE_UPLOAD_MAX_BYTES")
        found = try effective(
            .uploadMaxBytes, arguments: ["--max-upload-bytes", "1MB"], environment: environment, file: file)
        #expect(found.texts == ["1MB"] && found.origin == .flag)
    }

    @Test func `a sequence has the line of its key`() throws {
        let found = try effective(.egressAllow, file: "egress:\n  allow:\n    - a\n    - b\n")
        #expect(found.texts == ["a", "b"] && found.origin == .file("f.yaml:2"))
    }

    @Test func `the database and the key file follow the folder`() throws {
        #expect(try effective(.database, arguments: ["--data-dir", "/d"]).texts == ["sqlite:/d/attache.sqlite"])
        #expect(try effective(.keyFile, file: "data_dir: /e").texts == ["/e/master.key"])
    }

    @Test(arguments: [
        "postgres://me:canary@host/db", "postgres://host/db?user=me&password=canary", "postgres://me:canary@host/db?password=canary",
    ])
    func `no secret is shown`(database: String) throws {
        let environment = ["ATTACHE_MASTER_KEY": "canary", "ATTACHE_DATABASE": database]
        for setting in [Setting.masterKey, .database] {
            let record = ConfigCommand.Show.record(try effective(setting, environment: environment))
            #expect(!"\(record)".contains("canary"), "\(record)")
            #expect(record["origin"] == .string(setting.variable))
        }
    }

    /// Every setting that a flag can give, given by it.
    static let flags: [(Setting, [String])] = [
        (.host, ["--host", "h"]), (.port, ["--port", "1"]), (.publicURL, ["--public-url", "u"]), (.database, ["--database", "d"]),
        (.dataDirectory, ["--data-dir", "d"]), (.catalog, ["--catalog", "c"]), (.lenientCatalog, ["--lenient-catalog"]),
        (.keyFile, ["--key-file", "k"]), (.uploadMaxBytes, ["--max-upload-bytes", "1"]),
        (.uploadLookahead, ["--upload-lookahead", "1"]), (.uploadSpool, ["--upload-spool", "off"]),
        (.uploadMaxInFlightBytes, ["--max-in-flight-bytes", "1"]), (.egressAllow, ["--egress-allow", "a"]),
        (.egressAllowHTTP, ["--egress-allow-http"]), (.baseURLHosts, ["--base-url-host", "h"]),
        (.overridesMayUseSecrets, ["--overrides-may-use-secrets"]), (.mappingBudget, ["--mapping-budget", "b"]),
        (.tokenLimit, ["--limit-token", "1/1"]), (.accountLimit, ["--limit-account", "1/1"]),
        (.connectionsLimit, ["--limit-connections", "1"]), (.connectionsPerPeerLimit, ["--limit-connections-per-peer", "1"]),
        (.paceLimit, ["--limit-pace", "off"]), (.providerConnections, ["--provider-max-connections", "1"]),
        (.providerAccountShare, ["--provider-account-share", "1/2"]),
        (.providerEnvironmentShare, ["--provider-environment-share", "1/2"]),
        (.corsAllowedOrigins, ["--cors-allowed-origins", "*"]), (.drainSeconds, ["--drain-seconds", "1"]),
        (.logLevel, ["--log-level", "debug"]), (.logKeepDays, ["--log-keep-days", "1"]), (.logMaxRows, ["--log-max-rows", "1"]),
        (.logKeepFailures, ["--log-keep-failures", "1"]),
        (.metricsAddress, ["--metrics-address", "a:1"]), (.tlsCertificate, ["--tls-certificate", "c"]),
        (.tlsKey, ["--tls-key", "k"]), (.tracesEndpoint, ["--traces-endpoint", "u"]), (.tracesShare, ["--traces-share", "1/2"]),
        (.tracesHosts, ["--traces-host", "h"]),
    ]

    @Test(arguments: flags) func `a flag is an origin`(setting: Setting, arguments: [String]) throws {
        let found = try effective(setting, arguments: arguments)
        #expect(found.origin == .flag && found.texts == [arguments.count > 1 ? arguments[1] : "true"])
    }

    @Test func `every setting but the master key has a flag`() {
        #expect(Set(Self.flags.map(\.0)).union([.masterKey]) == Set(Setting.allCases))
    }

    @Test func `the defaults shown are those that apply`() throws {
        var lines: [String: String] = [:]
        for setting in Setting.allCases where setting != .mappingBudget {
            lines[setting.variable] = setting.fallback(directory: "d")
        }
        let options = try ServeOptions.parse([])
        let (told, silent) = (Settings(environment: lines), Settings(environment: [:]))
        #expect("\(try options.gateway.configuration(told))" == "\(try options.gateway.configuration(silent))")
        #expect("\(try options.gateway.observing.observing(told))" == "\(try options.gateway.observing.observing(silent))")
        #expect(try options.gateway.logLevel(told, fallback: .info) == .info)
        #expect(lines["ATTACHE_HOST"] == GatewayConfiguration().host && lines["ATTACHE_PORT"] == "\(GatewayConfiguration().port)")
    }
}
