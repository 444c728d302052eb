import JSON
import Testing

@testable import Catalog

/// Files that go along with the call that makes the application.
struct `Files of a call` {
    @Test(
        arguments: [
            // What the caller's files are, how many of each kind the call takes, and what goes along.
            (["resume", "other"], ["resume": 1], ["0:resume"]),
            (["other", "resume"], ["resume": 1], ["1:resume"]),
            (["resume", "resume"], ["resume": 1], ["0:resume"]),
            (["resume", "resume"], ["resume": 1, "other": 5], ["0:resume", "1:other"]),
            (["resume", "cover_letter", "other"], ["resume": 1, "cover_letter": 1], ["0:resume", "1:cover_letter"]),
            (["cover_letter", "cover_letter"], ["resume": 1, "cover_letter": 1], ["0:cover_letter"]),
            (["cover_letter", "certificate", nil], ["resume": 1, "other": 2], ["0:other", "1:other"]),
            ([nil, "resume"], ["resume": 1], ["1:resume"]),
            (["other"], ["resume": 1], []),
            (["resume"], [:], []),
            ([], ["resume": 1], []),
        ] as [([String?], [String: Int], [String])])
    func `go along as far as there is room for their kind`(kinds: [String?], room: [String: Int], along: [String]) {
        let items = kinds.map { kind in kind.map { JSONValue.object(["attachment_type": .string($0)]) } ?? [:] }
        #expect(SagaFiles.along(items, room: room).map { "\($0.item):\($0.kind)" } == along)
    }

    private static let model = """
        label: Things
        resources:
          attachments:
            schema: {type: object, properties: {id: {type: string}, attachment_type: {type: string, enum: [resume, other]}}}
            methods:
              create:
                body: {file: {type: string, format: binary, required: true}}
          applications:
            schema: {type: object, properties: {id: {type: string}}}
            methods:
              create:
                body:
                  attachments: {type: array, items: {type: object}}
                  name: {type: string}
                saga:
                  result: application
                  parts: [attachments]
                  steps:
                    application: {takes: []}
                    attachments: {resource: attachments, method: create, for_each: body.attachments, takes: [attachments]}
        """

    private static let vendor = """
        label: V
        base_url: https://a.test
        resources:
          attachments:
            create: {method: post, path: /f, body_format: multipart, source: G}
          applications:
            create: {method: post, path: /x, source: G}
        """

    private static func faults(_ steps: String, body: String) -> [String] {
        let mapping = """
            resources:
              attachments:
                create: {request_body_mapping: '{"file": body.file}'}
              applications:
                create:
                  saga:
                    steps: \(steps)
                  request_body_mapping: '\(body)'
            """
        let files = CatalogFiles(texts: [
            "unified/ats.yaml": model, "integrations/v/integration.yaml": vendor, "integrations/v/ats.yaml": mapping,
        ])
        return CatalogLint.run(Catalog(files: files)).faults.filter { $0.path.contains("saga") }.map(\.description)
    }

    @Test func `are accepted where the call is made of them`() {
        let steps = "[{name: application, files: {resume: 1}, files_if: $exists(body.name)}, attachments]"
        #expect(Self.faults(steps, body: #"{"cv": $base64encode(body.attachments[0].file)}"#) == [])
    }

    private static let wrong: [(String, String)] = [
        ("[{name: application, files: {resumee: 1}}]", "files of the unknown kind 'resumee' (did you mean 'resume'?)"),
        ("[{name: application, files: {}}]", "takes files of no kind"),
        ("[{name: application, files: {resume: 0}}]", "files.resume"),
        ("[{name: application, files_if: 'true'}]", "has files_if and no files"),
        ("[application, {name: attachments, files: {resume: 1}}]", "'attachments' cannot have files"),
        ("[attachments, {name: application, files: {resume: 1}}]", "has files, which 'attachments' before it has sent already"),
        ("[{name: application, resource: attachments, method: create, files: {resume: 1}}]", "'application' cannot have files"),
    ]

    @Test(arguments: wrong) func `are a fault where they say nothing or too much`(steps: String, fault: String) {
        let faults = Self.faults(steps, body: #"{"cv": $base64encode(body.attachments[0].file)}"#)
        #expect(faults.contains { $0.contains(fault) }, "\(faults)")
    }

    @Test func `are a fault where nothing that is sent reads them`() {
        let faults = Self.faults("[{name: application, files: {resume: 1}}]", body: #"{"name": body.name}"#)
        #expect(faults.contains { $0.contains("nothing that is sent reads body.attachments") }, "\(faults)")
    }
}
