import Accounts
import ArgumentParser
import FoundationEssentials
import Gateway
import Logging
import Testing
import Upstream

@testable import attache

/// What SIGHUP changes in a gateway that runs, and what it does not.
struct SettingsReloadTests {
    /// Writes `before`, then `after`, and reads again.
    private func change(_ before: String, _ after: String) throws -> (SettingsReload, SettingsReload.Change) {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("attache-\(UUID().uuidString).yaml").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        try Data(before.utf8).write(to: URL(fileURLWithPath: file))
        let options = try ServeOptions.parse(["--config", file])
        let reload = SettingsReload(options, try Settings.load(config: file, environment: [:]), environment: [:])
        try Data(after.utf8).write(to: URL(fileURLWithPath: file))
        return (reload, try reload.read())
    }

    @Test func `limits, allowlists and the level are new, and nothing else is named`() throws {
        let after = """
            limit: {token: 5/10, account: 2/1, connections: 40, connections_per_peer: 30}
            egress: {allow: [10.0.0.0/8], allow_http: true}
            cors: {allowed_origins: [https://a.test]}
            log: {level: debug, keep_days: 3, max_rows: 9, keep_failures: 1}
            """
        let (_, change) = try change("", after)
        let values = change.values
        #expect(values.configuration.tokenLimit == RequestLimit(requests: 5, seconds: 10))
        #expect(values.configuration.accountLimit == RequestLimit(requests: 2, seconds: 1))
        #expect(values.configuration.maxConnections == 40 && values.configuration.maxConnectionsPerPeer == 30)
        #expect(values.configuration.allowedOrigins == ["https://a.test"])
        #expect(values.egress.holes.count == 1 && values.egress.allowsHTTP)
        #expect(values.level == .debug && values.bounds.days == 3 && values.bounds.rows == 9)
        #expect(values.bounds.failureDays == 1)
        #expect(change.waiting.isEmpty)
        #expect(Set(change.applied) == Set(Setting.allCases.filter { $0.isReloadable && $0 != .tlsCertificate && $0 != .tlsKey }))
    }

    @Test func `what needs a restart is named until there is one`() throws {
        let (reload, change) = try change("", "port: 1\nlimit: {token: 1/1}\ntls: {certificate: c, key: k}\n")
        #expect(change.applied == [.tokenLimit])
        #expect(change.waiting == [.port, .tlsCertificate, .tlsKey])
        _ = reload
    }

    @Test func `the files of a certificate may be others`() throws {
        let (_, change) = try change("tls: {certificate: c, key: k}", "tls: {certificate: d, key: k}")
        #expect(change.applied == [.tlsCertificate] && change.waiting.isEmpty)
        #expect(change.values.tls == TLSFiles(certificate: "d", key: "k"))
    }

    @Test func `a setting that is taken away has its default again`() throws {
        let (_, change) = try change("limit: {token: 1/1}\nlog: {level: debug}", "")
        #expect(change.applied == [.tokenLimit, .logLevel])
        #expect(change.values.configuration.tokenLimit == nil && change.values.level == .info)
    }

    @Test(arguments: ["limit: {token: x}", "prot: 1", "log: {level: loud}", "egress: {allow: ['::::']}", "tls: {key: k}"])
    func `settings with a fault change nothing`(after: String) throws {
        #expect(throws: CommandError.self) { try change("", after) }
    }
}
