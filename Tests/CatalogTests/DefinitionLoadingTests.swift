import Catalog
import Foundation
import JSON
import Testing

struct `Loading definitions` {
    /// What `catalog lint` says of a sample with one part replaced.
    static func faults(
        model: String = Sample.model, integration: String = Sample.integration, mapping: String = Sample.mapping
    ) -> [String] {
        CatalogLint.run(Sample.catalog(model: model, integration: integration, mapping: mapping)).faults
            .map(\.description)
    }

    @Test func `finds nothing wrong with a good sample`() {
        #expect(Self.faults() == [])
    }

    static let broken: [(old: String, new: String, fault: String)] = [
        (
            "label: Vendor", "lable: Vendor",
            "integrations/vendor/integration.yaml:1: lable: unknown key (did you mean 'label'?)"
        ),
        (
            "label: Vendor", "label: Vendor\npagination: 3",
            "integrations/vendor/integration.yaml:2: pagination: expected an object, found 3"
        ),
        (
            "get: {path:", "get: {method: pots, path:",
            "integrations/vendor/integration.yaml:8: resources.things.get.method: 'pots' is none of get, post, put, patch, delete, head (did you mean 'post'?)"
        ),
        (
            "get: {path: \"/things/{{id}}\"}", "get: {}",
            "integrations/vendor/integration.yaml:8: resources.things.get: 'path' is missing"
        ),
        (
            "{{id}}\"}\n    create", "{{id:strng}}\"}\n    create",
            "integrations/vendor/integration.yaml:8: resources.things.get.path: {{id:strng}}: 'strng' is no type (did you mean 'str'?)"
        ),
        (
            "create: {method", "create: {max_file_size: 30MP, method",
            "integrations/vendor/integration.yaml:9: resources.things.create.max_file_size: expected a size such as 30MB, found '30MP'"
        ),
        (
            "create: {method", "create: {success_statuses: [20], method",
            "integrations/vendor/integration.yaml:9: resources.things.create.success_statuses.0: expected a whole number from 100 to 599, found 20"
        ),
        (
            "format: bearer, config: {token:", "format: bearer, config: {tokn:",
            "integrations/vendor/integration.yaml:4: authorization.config.tokn: unknown key (did you mean 'token'?)"
        ),
    ]

    @Test(arguments: broken)
    func `refuses a broken integration with file, line and path`(old: String, new: String, fault: String) throws {
        let text = Sample.integration.replacingOccurrences(of: old, with: new)
        try #require(text != Sample.integration)
        #expect(Self.faults(integration: text).contains(fault))
    }

    static let brokenMappings: [(old: String, new: String, fault: String)] = [
        (
            "create:\n", "creat:\n",
            "integrations/vendor/demo.yaml:8: resources.things.creat: demo.things has no such method (did you mean 'create'?)"
        ),
        (
            "delete: {}", "delete: {resource: thing}",
            "integrations/vendor/demo.yaml:10: resources.things.delete.resource: vendor has no resource 'thing' (did you mean 'things'?)"
        ),
        (
            "delete: {}", "delete: {method: remove}",
            "integrations/vendor/demo.yaml:10: resources.things.delete.resource: vendor.things has no method 'remove'"
        ),
        (
            "delete: {}", "delete: {respones_mapping: x}",
            "integrations/vendor/demo.yaml:10: resources.things.delete.respones_mapping: unknown key (did you mean 'response_mapping'?)"
        ),
    ]

    @Test(arguments: brokenMappings)
    func `refuses a broken mapping`(old: String, new: String, fault: String) throws {
        let text = Sample.mapping.replacingOccurrences(of: old, with: new)
        try #require(text != Sample.mapping)
        #expect(Self.faults(mapping: text).contains(fault))
    }

    @Test func `reports an expression that does not compile at its file and line`() throws {
        let text = Sample.mapping.replacingOccurrences(of: "'{\"file\": body.file}'", with: "'{\"file\": ('")
        let faults = Self.faults(mapping: text)
        #expect(faults.count == 1)
        #expect(faults.first?.hasPrefix("integrations/vendor/demo.yaml:9: resources.things.create.request_body_mapping: S0") == true)
        #expect(faults.first?.contains("column") == true)
    }

    @Test(arguments: ["a: [1", "a: b: c", "a: 1\na: 2", "\tx: 1", "&a [*a]"])
    func `refuses what is no YAML with the line`(text: String) throws {
        let faults = CatalogLint.run(Sample.catalog(integration: text)).faults
        let first = try #require(faults.first { $0.file == "integrations/vendor/integration.yaml" })
        #expect(first.line != nil)
    }

    static let scalars: [(String, JSONValue)] = [
        ("no", "no"), ("on", "on"), ("true", true), ("~", .null), ("1", 1), ("-1.5e3", .number(JSONNumber(unchecked: "-1.5e3"))),
        ("0755", "0755"), ("1_000", "1_000"), ("2024-01-01", "2024-01-01"), ("'1'", "1"), ("\"true\"", "true"),
        ("1.0", .number(JSONNumber(unchecked: "1.0"))),
        (".5", ".5"), ("0x1F", "0x1F"), ("12:30", "12:30"),
    ]

    @Test(arguments: scalars)
    func `reads a scalar as YAML 1.2 JSON does`(text: String, value: JSONValue) throws {
        let mapping = "resources: {things: {list: {static_response: \(text)}}}"
        let plan = try Sample.plan("list", mapping: mapping)
        #expect(plan.mapping.staticResponse == value)
    }

    @Test func `lets a folder add files and replace built-in ones`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("catalog-\(UInt64.random(in: 0 ... .max))")
        defer { try? FileManager.default.removeItem(at: folder) }
        for (path, text) in [("unified/demo.yaml", Sample.model), ("integrations/vendor/integration.yml", Sample.integration)] {
            let file = folder.appendingPathComponent(path)
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        let catalog = try Catalog(folders: [folder.path])
        #expect(catalog.integrationNames.contains("vendor"))
        #expect(catalog.modelNames.contains("ats"))
        #expect(try catalog.integration("vendor").label == "Vendor")
        // A folder that is not there, and one beside the right one.
        for wrong in ["/none", "/unified"] {
            #expect(caught { _ = try Catalog(folders: [folder.path + wrong]) }?.code == .unreadable)
        }
    }

    @Test func `takes a folder of one integration for what it is`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vendor-\(UInt64.random(in: 0 ... .max))")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder.appendingPathComponent(".hidden"), withIntermediateDirectories: true)
        try Data("x: [".utf8).write(to: folder.appendingPathComponent(".hidden/x.yaml"))
        try Data("{".utf8).write(to: folder.appendingPathComponent("package.json"))
        try Data(Sample.integration.utf8).write(to: folder.appendingPathComponent("integration.yaml"))
        try Data("resources: {attachments: {lst: {}}}".utf8).write(to: folder.appendingPathComponent("ats.yaml"))
        var files = CatalogFiles.models
        try files.add(folder: folder.path)
        let catalog = Catalog(files: files)
        #expect(catalog.integrationNames == [folder.lastPathComponent])
        #expect(
            CatalogLint.run(catalog).faults.map(\.description) == [
                "\(folder.path)/ats.yaml:1: resources.attachments.lst: ats.attachments has no such method (did you mean 'list'?)"
            ]
        )
    }

    @Test func `names what was meant by an unknown name`() {
        let catalog = Sample.catalog()
        func message(_ model: String, _ resource: String, _ method: String, _ vendor: String) -> String? {
            caught {
                _ = try catalog.plan(model: model, resource: resource, method: method, integration: vendor)
            }.map { "\($0.code): \($0.message)" }
        }
        #expect(message("dmo", "things", "list", "vendor") == "unknown_model: no unified model 'dmo' (did you mean 'demo'?)")
        #expect(
            message("demo", "thing", "list", "vendor")
                == "unknown_resource: the model demo has no resource 'thing' (did you mean 'things'?)")
        #expect(
            message("demo", "things", "lst", "vendor")
                == "unknown_method: the resource demo.things has no method 'lst' (did you mean 'list'?); it offers things: list, get, create, delete"
        )
        #expect(message("demo", "things", "list", "vendr") == "unknown_integration: no integration 'vendr' (did you mean 'vendor'?)")
    }

    @Test func `says so when a method has no mapping`() {
        let mapping = "resources: {things: {list: {}}}"
        #expect(caught { _ = try Sample.plan("get", mapping: mapping) }?.code == .notMapped)
    }
}
