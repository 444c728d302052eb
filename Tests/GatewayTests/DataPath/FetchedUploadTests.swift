import Accounts
import Catalog
import Foundation
import JSON
import NIOCore
import NIOHTTP1
import Sandbox
import Testing
import TestSupport

@testable import Unified

/// Uploads to vendors that fetch the file from an address.
@Suite struct FetchedUploadTests {
    /// Teamtailor, whose sandbox fetches before it responds; with another `file_url` where one is given.
    private func run(
        _ fetched: String? = nil, isPublic: Bool = true, holes: [String] = [], _ body: (TestGateway) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "attache-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        if let fetched {
            let own = folder.appending(path: "integrations/teamtailor")
            try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
            let given = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().deletingLastPathComponent().appending(path: "catalog/integrations/teamtailor")
            let text = try String(contentsOf: given.appending(path: "integration.yaml"), encoding: .utf8)
            let changed = text.replacing("{fetched: later, lifetime: 1h, times: 0, forward: true}", with: fetched)
            try #require(changed != text)
            try changed.write(to: own.appending(path: "integration.yaml"), atomically: true, encoding: .utf8)
        }
        let connecting: (SandboxServer, Catalog) throws -> NewIntegratedAccount = { sandbox, catalog in
            let account = try #require(sandbox.accounts(try catalog.integrationDocument("teamtailor")).first)
            return NewIntegratedAccount(
                tenantID: "acme", installation: .integration("teamtailor"),
                authenticationMethod: account.authenticationMethod, context: Secret(account.context),
                integrationOverride: Secret(account.override))
        }
        try await TestGateway.run(
            sandbox: .named("teamtailor"), holes: holes, catalogFolders: fetched == nil ? [] : [folder.path],
            connecting: connecting, isPublic: isPublic, body)
    }

    private static func form(_ gateway: TestGateway, size: Int, behind: [Form.Part] = []) throws -> Form {
        let candidate = try #require(gateway.sandbox.target("candidate"))
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
        return Form(
            [.field("candidate_id", candidate), .file("file", name: "cv.pdf", type: "application/pdf", bytes: bytes)] + behind)
    }

    @Test(arguments: ["{fetched: later, lifetime: 1h, times: 0}", "{fetched: during_call, lifetime: 1h, times: 1}"], [10, 3 << 20])
    func `the vendor gets the file, whole, at either time`(fetched: String, size: Int) async throws {
        try await run(fetched) { gateway in
            let response = try await gateway.upload(try Self.form(gateway, size: size))
            #expect(response.status == 200, "\(response.json.text())")
            let url = try #require(response.json["file_url"]?.string)
            let sent = try await FileLinkTests.fetch(url)
            #expect(sent.status == 200)
            #expect(sent.body.readableBytes == size)
            #expect(sent.headers.first(name: "content-type") == "application/pdf")
        }
    }

    @Test func `a field behind a long file that the mapping reads is refused, and the vendor gets no file`() async throws {
        try await run("{fetched: during_call, lifetime: 1h, times: 1}") { gateway in
            let started = ContinuousClock.now
            let response = try await gateway.upload(
                try Self.form(gateway, size: 3 << 20, behind: [.field("attachment_type", "resume")]))
            // The vendor's fetch does not wait for the rest of a file that will never come.
            #expect(ContinuousClock.now - started < .seconds(30))
            #expect(response.status == 400, "\(response.json.text())")
            #expect(response.json["code"] == "field_after_file", "\(response.json.text())")
        }
    }

    @Test func `without a public address the call is refused and says what to set`() async throws {
        try await run(isPublic: false) { gateway in
            let response = try await gateway.upload(try Self.form(gateway, size: 10))
            #expect(response.status == 501, "\(response.json.text())")
            #expect(response.json["code"] == "public_url_missing")
            #expect(response.json["hint"]?.string?.contains("public_url") == true)
            #expect(try await gateway.received().isEmpty)
        }
    }

    @Test func `the caller's own address is handed on, without a fetch of ours, where the policy lets it pass`() async throws {
        try await RawServer.run(.response("200 OK", "content-type: application/pdf\r\n", body: "from the caller")) { source in
            try await run(isPublic: false, holes: ["127.0.0.1:\(source.port)"]) { gateway in
                let candidate = try #require(gateway.sandbox.target("candidate"))
                let response = try await gateway.uploadJSON(
                    ["file_url": .string(source.url + "/cv.pdf"), "candidate_id": .string(candidate)])
                #expect(response.status == 200, "\(response.json.text())")
                let url = try #require(response.json["file_url"]?.string)
                #expect(String(buffer: try await FileLinkTests.fetch(url).body) == "from the caller")
            }
            try await run(isPublic: false) { gateway in
                let candidate = try #require(gateway.sandbox.target("candidate"))
                let response = try await gateway.uploadJSON(
                    ["file_url": .string(source.url + "/cv.pdf"), "candidate_id": .string(candidate)])
                #expect(response.json["code"] == "egress_refused", "\(response.json.text())")
                #expect(try await gateway.received().isEmpty)
            }
        }
    }

    @Test func `an address that may not be handed on is fetched, and the vendor gets the gateway's`() async throws {
        try await RawServer.run(.response("200 OK", "content-type: application/pdf\r\n", body: "from the caller")) { source in
            try await run("{fetched: later, lifetime: 1h, times: 0}", holes: ["127.0.0.1:\(source.port)"]) { gateway in
                let candidate = try #require(gateway.sandbox.target("candidate"))
                let response = try await gateway.uploadJSON(
                    ["file_url": .string(source.url + "/cv.pdf"), "candidate_id": .string(candidate)])
                #expect(response.status == 200, "\(response.json.text())")
                let url = try #require(response.json["file_url"]?.string)
                #expect(String(buffer: try await FileLinkTests.fetch(url).body) == "from the caller")
            }
        }
    }
}
