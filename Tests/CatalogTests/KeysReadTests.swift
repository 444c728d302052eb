import Foundation
import JSON
import Testing

@testable import Catalog

/// No key of a definition is there for nothing.
struct `Every key of every shape` {
    /// Definitions of a shape, each with all keys; where there is a choice another one is made each time.
    static func samples(_ shape: Shape, count: Int = 1500) -> [JSONValue] {
        (0..<count).map { seed in
            var generator = Sampler(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1)
            return generator.sample(shape)
        }
    }

    static let definitions: [(String, Shape, @Sendable (Definition) throws -> Void)] = [
        ("integration", CatalogShapes.integration, { _ = try Integration(name: "x", decoding: $0) }),
        ("model", CatalogShapes.unifiedModel, { _ = try UnifiedModel(name: "x", decoding: $0) }),
        (
            "mapping", CatalogShapes.mapping,
            { definition in
                let reader = DefinitionReader(definition)
                let mapping = try Mapping(resource: "r", method: "m", decoding: reader)
                let method = UnifiedMethod(
                    name: "list", schema: ResourceSchema(json: [:]), decoding: DefinitionReader(Definition(file: "", value: [:])))
                _ = method.refined(by: mapping, reader)
            }
        ),
    ]

    @Test(arguments: definitions.map(\.0)) func `is read by the decoding of its definition`(name: String) throws {
        let (_, shape, decode) = try #require(Self.definitions.first { $0.0 == name })
        let log = ReadLog()
        var all: Set<[String]> = []
        var refused = 0
        for sample in Self.samples(shape) {
            let definition = Definition(file: "sample", value: sample)
            #expect(shape.check(definition) == [])
            Self.paths(sample, [], &all)
            // Some keys need others beside them; what is refused has been read as far as the refusal.
            do { try DefinitionReader.$log.withValue(log) { try decode(definition) } } catch { refused += 1 }
        }
        #expect(refused < 1400)
        // Descriptions of actions are for whoever reads the file.
        let unread = all.filter { !log.contains($0) && !($0.first == "actions" && $0.last == "description") }.map {
            $0.joined(separator: ".")
        }
        #expect(unread.sorted() == [])
        #expect(all.count > 30)
    }

    private static func paths(_ value: JSONValue, _ path: [String], _ all: inout Set<[String]>) {
        for (key, member) in value.object ?? [:] {
            // Names that a definition chooses are no keys.
            if key != Sampler.freeKey { all.insert(path + [key]) }
            paths(member, path + [key], &all)
        }
        for (at, item) in (value.array ?? []).enumerated() { paths(item, path + [String(at)], &all) }
    }

    /// What is decoded and then used by nothing but the decoding would be a key without effect.
    @Test func `has an effect: what it decodes to is used`() throws {
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources")
        var declared: [(name: String, file: String)] = []
        var elsewhere: Set<Substring> = []
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        for case let file as URL in files where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            let isDeclaring = file.path.contains("/Catalog/Definitions/") || file.path.contains("/Catalog/Actions/Action.swift")
            if isDeclaring, !file.lastPathComponent.contains("Decoding") {
                for line in text.split(separator: "\n") {
                    let words = line.split(whereSeparator: { " :".contains($0) }).map(String.init)
                    guard let at = words.firstIndex(where: { ["let", "var"].contains($0) }), at + 1 < words.count,
                        line.hasPrefix("    "), words.first == "public" || words.first == "package", !line.contains("{"),
                        !words.contains("static")
                    else { continue }
                    declared.append((words[at + 1], file.lastPathComponent))
                }
            } else if !isDeclaring, !file.path.contains("/Catalog/Shape/") {
                elsewhere.formUnion(text.matches(of: /\.`?([A-Za-z0-9]+)/).map(\.output.1))
            }
        }
        // Read by a function beside them.
        let own: Set = [
            "authorizationByMethod", "sessionByMethod", "successStatuses", "isSelfService", "allowedHosts", "secretFields", "isTemporary",
        ]
        let unused = declared.filter { property in
            let name = property.name.replacing("`", with: "")
            return !elsewhere.contains(name[...]) && !own.contains(name)
        }.map { "\($0.file): \($0.name)" }
        #expect(unused.sorted() == [])
        #expect(declared.count > 100)
    }
}

/// Makes up definitions.
private struct Sampler {
    static let freeKey = "free"
    var state: UInt64

    private mutating func choose(_ count: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % count
    }

    mutating func sample(_ shape: Shape) -> JSONValue {
        switch shape {
        case .any, .text, .expression, .template, .templateTree: "x"
        case .bool: true
        case .number: 1
        case .integer(let range): .number(JSONNumber(range.lowerBound))
        case .byteSize: "1MB"
        case .duration: "1h"
        case .word(let words): .string(words[choose(words.count)])
        case .list(let element): .array([sample(element)])
        case .map(let element, _): .object([Self.freeKey: sample(element)])
        case .either(let shapes): sample(shapes[choose(shapes.count)])
        case .nullable(let inner): sample(inner)
        case .oneOrNamed(let inner, _): choose(2) == 0 ? sample(inner) : .object([Self.freeKey: sample(inner)])
        case .oneOrList(let inner): choose(2) == 0 ? sample(inner) : .array([sample(inner)])
        case .object(let fields): object(fields)
        }
    }

    private mutating func object(_ fields: [Shape.Field]) -> JSONValue {
        var object = JSONObject()
        // With all there is one key would hide another that takes its place.
        let isSparse = choose(2) == 0
        for field in fields where field.required || !isSparse || choose(2) == 0 {
            object[field.names[choose(field.names.count)]] = sample(field.shape)
        }
        // A call has one or the other.
        if object["path"] != nil, object["url"] != nil { object[choose(2) == 0 ? "path" : "url"] = nil }
        return .object(object)
    }
}
