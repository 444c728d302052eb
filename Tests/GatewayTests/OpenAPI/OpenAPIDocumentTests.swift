import Catalog
import HTTPTypes
import JSON
import Testing

@testable import Gateway

struct OpenAPIDocumentTests {
    private func document() throws -> JSONValue {
        let route = Route(.get, "/environment/{id}", .apiToken, "getEnvironment") { _, _ in }
        return try OpenAPIDocument(catalog: try Catalog.builtIn(), routes: [route], version: "1.2.3").json()
    }

    @Test func `the same catalog and routes give the same bytes`() throws {
        #expect(try document().bytes() == document().bytes())
    }

    @Test func `every unified method of the catalog is an operation`() throws {
        let catalog = try Catalog.builtIn()
        let paths = try #require(try document()["paths"]?.object)
        let operations = paths.flatMap { path, item in (item.object ?? [:]).map { "\($0.key.uppercased()) \(path)" } }
        for name in catalog.modelNames {
            let model = try catalog.model(name)
            for resource in model.resources.values {
                for method in resource.methods.values {
                    let start = "\(method.httpMethod) /unified/\(name)/\(resource.name)"
                    #expect(operations.contains { $0.hasPrefix(start) }, "\(start) (\(method.name))")
                }
            }
        }
        #expect(operations.contains("GET /environment/{id}"))
    }

    @Test func `a method's description names what each integration needs for it`() throws {
        let catalog = try Catalog.builtIn()
        let list = try document()["paths"]?["/unified/ats/attachments"]?["get"]
        let description = try #require(list?["description"]?.string)
        for name in catalog.integrationNames {
            guard try catalog.mappedMethods(model: "ats", integration: name)["attachments"]?.contains("list") == true else { continue }
            let plan = try catalog.plan(model: "ats", resource: "attachments", method: "list", integration: name)
            let label = plan.integration.label
            for group in plan.mapping.requires {
                #expect(description.contains("\(label) (needs "), "\(label)")
                #expect(description.contains(group.joined(separator: " or ")), "\(label)")
            }
        }
        #expect(description.contains("(needs "))
    }

    @Test(arguments: [
        ("/unified/ats/candidates", "post", true), ("/unified/ats/candidates/{id}", "patch", true),
        ("/unified/ats/candidates/{id}", "get", false), ("/unified/ats/applications/move-stage", "post", true),
    ]) func `what a write does not carry out has its place`(path: String, method: String, has: Bool) throws {
        let schema = try document()[path: ["paths", path, method, "responses", "200", "content", "application/json", "schema"]]
        let parts = try [#require(schema)] + (schema?["allOf"]?.array ?? [])
        #expect(parts.contains { $0[path: ["properties", "warnings", "items"]] != nil } == has)
    }

    @Test(arguments: [("applications", true), ("candidates", false)])
    func `a call of several steps has a place for them`(resource: String, has: Bool) throws {
        let path = ["paths", "/unified/ats/\(resource)", "post", "responses", "200", "content", "application/json", "schema", "allOf"]
        let parts = try #require(try document()[path: path]?.array)
        #expect(parts.contains { $0[path: ["properties", "steps", "items"]] != nil } == has)
    }

    @Test func `every operation has an id of its own and responses for failures`() throws {
        var ids: Set<String> = []
        for (path, item) in try #require(try document()["paths"]?.object) {
            for (method, operation) in item.object ?? [:] {
                let id = try #require(operation["operationId"]?.string)
                #expect(ids.insert(id).inserted, "\(id) is there twice")
                let statuses = operation["responses"]?.object?.keys ?? []
                #expect(["200", "400", "401", "429", "500"].allSatisfy(statuses.contains), "\(method) \(path)")
            }
        }
    }

    @Test func `every reference leads somewhere`() throws {
        let document = try document()
        var references: [String] = []
        func collect(_ value: JSONValue) {
            switch value {
            case .array(let items): items.forEach(collect)
            case .object(let object):
                if let reference = object["$ref"]?.string { references.append(reference) }
                for (_, inner) in object { collect(inner) }
            default: break
            }
        }
        collect(document)
        #expect(!references.isEmpty)
        for reference in Set(references) {
            let steps = reference.dropFirst(2).split(separator: "/").map(String.init)
            #expect(document[path: steps] != nil, "\(reference)")
        }
    }

    @Test func `a file can be sent in three ways`() throws {
        let body = try document()[path: ["paths", "/unified/ats/attachments", "post", "requestBody", "content"]]
        #expect(body?.object?.keys == ["multipart/form-data", "application/json", "application/octet-stream"])
        let form = body?[path: ["multipart/form-data", "schema"]]
        #expect(form?["required"] == ["file"])
        // What is said beside the part wins over what the part says of itself.
        #expect(form?[path: ["properties", "file_name"]] != nil)
    }

    @Test func `enums of responses are open, those of requests are not`() throws {
        let type = ["properties", "attachment_type"]
        let response = try document()[path: ["components", "schemas", "AtsAttachments"] + type]
        #expect(response?["enum"] == nil)
        #expect(response?["examples"] == ["resume", "cover_letter", "other"])
        let content = ["requestBody", "content", "application/json", "schema"]
        let request = try document()[path: ["paths", "/unified/ats/attachments", "post"] + content + type]
        #expect(request?["enum"] == ["resume", "cover_letter", "other"])
    }
}
