import FoundationEssentials
import Testing

@testable import attache

struct SettingsTests {
    private func settings(_ environment: [String: String], _ file: String) throws -> Settings {
        Settings(environment: environment, file: try SettingsFile(file, name: "f.yaml"))
    }

    @Test func `a flag goes before the environment, and that before the file`() throws {
        let file = "port: 1\nupload:\n  max_bytes: 3MB\n"
        let environment = ["ATTACHE_PORT": "2", "ATTACHE_UPLOAD_MAX_BYTES": ""]
        let settings = try settings(environment, file)
        #expect(try settings.number(.port, 3) == 3)
        #expect(try settings.number(.port) == 2)
        #expect(try settings.bytes(.uploadMaxBytes) == 3_000_000)
        #expect(settings.text(.host) == nil)
    }

    @Test func `several values come from a sequence or between commas`() throws {
        #expect(try settings([:], "catalog: [a, b]").list(.catalog) == ["a", "b"])
        #expect(try settings([:], "catalog: a").list(.catalog) == ["a"])
        #expect(try settings(["ATTACHE_CATALOG": "c, d"], "catalog: a").list(.catalog) == ["c", "d"])
        #expect(try settings(["ATTACHE_CATALOG": "c"], "").list(.catalog, ["e"]) == ["e"])
    }

    @Test(arguments: [
        ("prot: 1", "f.yaml:1: there is no setting 'prot'"),
        ("\nupload:\n  max: 1", "f.yaml:3: there is no setting 'upload.max'"),
        ("master_key: abc", "f.yaml:1: master_key must not be in a file"),
        ("catalog: [[a]]", "f.yaml:1: catalog must be a plain value"),
        ("- a", "f.yaml must be a mapping of settings"), ("a: [", "f.yaml is no YAML"),
    ])
    func `a wrong file is refused by line and key`(text: String, message: String) {
        let error = #expect(throws: CommandError.self) { try SettingsFile(text, name: "f.yaml") }
        #expect(error?.message.hasPrefix(message) == true)
    }

    @Test(arguments: ["", "# nothing", "{}"])
    func `a file may be empty`(text: String) throws {
        #expect(try SettingsFile(text, name: "f") == .empty)
    }

    @Test(arguments: ["-1", "1.5", "x"])
    func `a number that is none is refused`(text: String) {
        #expect(throws: CommandError.self) { try settings(["ATTACHE_PORT": text], "").number(.port) }
    }

    @Test(arguments: ["65536", "70000", "99999", "-1"])
    func `a port out of range is refused, wherever it is set`(text: String) throws {
        #expect(throws: CommandError.self) { try settings(["ATTACHE_PORT": text], "").port() }
        #expect(throws: CommandError.self) { try settings([:], "port: \(text)").port() }
        #expect(throws: (any Error).self) { try PortFlag.check(Int(text)) }
    }

    @Test(arguments: [0, 1, 8080, 65_535])
    func `a port in range is taken`(port: Int) throws {
        #expect(try settings([:], "port: \(port)").port() == port)
        try PortFlag.check(port)
    }

    @Test(arguments: [
        ("ATTACHE_UPLOAD_MAXBYTES", "ATTACHE_UPLOAD_MAX_BYTES"), ("ATTACHE_PROT", "ATTACHE_PORT"),
        ("ATTACHE_WHATEVER_ELSE_THIS_IS", nil),
    ])
    func `a variable that is no setting is named`(name: String, suggestion: String?) {
        let unknown = Settings(environment: [name: "1", "ATTACHE_PORT": "1", "PATH": "/bin"]).unknownVariables
        #expect(unknown == [UnknownVariable(name: name, suggestion: suggestion)])
    }

    @Test(
        arguments: Setting.allCases.map(\.variable) + [
            "ATTACHE_CONFIG", "ATTACHE_URL", "ATTACHE_TOKEN", "ATTACHE_ACCOUNT", "ATTACHE_CANDIDATE", "ATTACHE_TEST_STORES",
            "ATTACHE_SERVICE_HOST", "ATTACHE_PORT_8080_TCP_ADDR", "OTHER_ATTACHE",
        ])
    func `a variable that somebody reads is not`(name: String) {
        #expect(Settings(environment: [name: "1"]).unknownVariables.isEmpty)
    }

    @Test(arguments: [("1", true), ("TRUE", true), ("on", true), ("0", false), ("no", false), ("", false)])
    func `a switch is on or off`(text: String, isOn: Bool) throws {
        #expect(try settings(["ATTACHE_EGRESS_ALLOW_HTTP": text], "").isOn(.egressAllowHTTP) == isOn)
        #expect(try settings(["ATTACHE_EGRESS_ALLOW_HTTP": text], "").isOn(.egressAllowHTTP, true))
    }

    @Test(arguments: [
        ("0", 0), ("1048576", 1_048_576), ("30MB", 30_000_000), ("30 mb", 30_000_000), ("5GiB", 5_368_709_120),
        ("2KiB", 2048),
    ])
    func `sizes have units`(text: String, bytes: Int) {
        #expect(ByteCount.bytes(text) == bytes)
    }

    @Test(arguments: ["", "MB", "-1", "1.5MB", "3 parsecs", "99999999999999GB"])
    func `what is no size is refused`(text: String) {
        #expect(ByteCount.bytes(text) == nil)
    }
}

/// The annotated file is what people start from: it must be readable, and leave nothing out.
struct ExampleSettingsTests {
    private func text() throws -> String {
        let file = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().appendingPathComponent("../../docs/attache.example.yaml")
        return String(decoding: try Data(contentsOf: file), as: UTF8.self)
    }

    @Test func `the example file can be used as it is`() throws {
        let settings = Settings(environment: [:], file: try SettingsFile(try text(), name: "example"))
        #expect(try settings.number(.port) == 8080)
        #expect(try settings.bytes(.uploadMaxBytes) == 5 << 30)
    }

    @Test(arguments: Setting.allCases.filter(\.isAllowedInFile))
    func `the example file shows every setting`(setting: Setting) throws {
        let key = try #require(setting.name.split(separator: ".").last)
        #expect(
            try text().split(separator: "\n").contains { line in
                let bare = line.drop { $0 == " " || $0 == "#" }
                return bare.hasPrefix("\(key):")
            })
    }
}
