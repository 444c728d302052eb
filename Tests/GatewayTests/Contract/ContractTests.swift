import Catalog
import JSON
import NIOCore
import NIOHTTP1
import Sandbox
import Testing
import TestSupport

/// The same rows for every sandbox of the catalog, over sockets. A vendor is left out of a row by what its definition
/// offers, never by its name.
@Suite(.serialized) struct ContractTests {
    static let vendors: [String] = (try? Catalog.builtIn().sandboxNames) ?? []

    /// Larger files are refused by the length that they declare, and not sent.
    static let largestSent = 32 << 20

    @Test func `there are sandboxes`() throws {
        #expect(!Self.vendors.isEmpty)
    }

    @Test(arguments: vendors)
    func `files of every size go up, come back and go`(vendor: String) async throws {
        try await VendorContract.run(vendor) { contract in
            guard contract.offers("create") else { return try await expectNoUploads(contract) }
            var sizes = [1, 1 << 20]
            if let limit = contract.limit {
                sizes.removeAll { $0 >= limit }
                if limit <= Self.largestSent { sizes.append(limit) }
            }
            for size in sizes {
                let file = try contract.file("size-\(size)", size: size)
                try await expectStored(file, try await contract.create(file), contract)
            }
        }
    }

    @Test(arguments: vendors)
    func `files in every form go up, come back and go`(vendor: String) async throws {
        try await VendorContract.run(vendor) { contract in
            guard contract.offers("create") else { return }
            for form in ContractForm.allCases where form != .raw || contract.remoteFields.isEmpty {
                let file = try contract.file("form-\(form)", size: 3_000)
                try await expectStored(file, try await contract.create(file, as: form), contract)
            }
            let resume = try contract.file("resume", size: 2_000)
            // Many vendors take a résumé away only with the next one, also where they delete other files.
            try await expectStored(
                resume, try await contract.create(resume, type: "resume"), contract, isDeletable: false)
        }
    }

    @Test(arguments: vendors)
    func `a file over the limit is refused before the vendor has it`(vendor: String) async throws {
        try await VendorContract.run(vendor) { contract in
            guard contract.offers("create"), let limit = contract.limit else { return }
            _ = try await contract.gateway.received()
            if limit <= Self.largestSent {
                let response = try await contract.create(contract.file("over", size: limit + 1))
                #expect(response.status == 413, "\(vendor): \(response.json.text())")
                #expect(response.json["code"] == "file_too_large", "\(vendor)")
            } else {
                let response = try await declared(limit + 1, contract)
                #expect(response.hasPrefix("HTTP/1.1 413 "), "\(vendor): \(response)")
            }
            let writes = try await contract.gateway.received().filter { $0["complete"] == true && ($0["body_size"]?.int ?? 0) > limit }
            #expect(writes.isEmpty, "\(vendor)")
        }
    }

    @Test(arguments: vendors)
    func `lists lead from page to page to their end, and repeat nothing`(vendor: String) async throws {
        try await VendorContract.run(vendor) { contract in
            guard contract.offers("list") else { return try await expectNotOffered(contract.list(), vendor) }
            if contract.offers("create") {
                for number in 1...3 {
                    let response = try await contract.create(contract.file("listed-\(number)", size: 100))
                    try #require(response.status == 200, "\(vendor): \(response.json.text())")
                }
            }
            var ids: [String] = []
            var pages = 0
            var cursor: String?
            repeat {
                let response = try await contract.list(cursor: cursor)
                try #require(response.status == 200, "\(vendor): \(response.json.text())")
                for record in response.json["result"]?.array ?? [] { ids.append(record["id"]?.string ?? "") }
                cursor = response.json["next_cursor"]?.string
                pages += 1
                try #require(pages < 100, "\(vendor): the list has no end")
            } while cursor != nil
            #expect(!ids.isEmpty, "\(vendor)")
            #expect(!ids.contains(""), "\(vendor): a record without an id")
            #expect(Set(ids).count == ids.count, "\(vendor): a record comes twice")
            #expect(pages == 1 || pages >= 3, "\(vendor): the sandbox has too few files for three pages")
        }
    }

    private func declared(_ length: Int, _ contract: VendorContract) async throws -> String {
        let client = try await RawClient(contract.gateway)
        let targets = contract.targets.map { "&\($0.name)=\($0.value)" }.joined()
        try await client.send(
            "POST /unified/ats/attachments?integrated_account_id=\(contract.gateway.accountID)&file_name=over.pdf\(targets) "
                + "HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer \(contract.gateway.token)\r\n"
                + "content-type: application/pdf\r\ncontent-length: \(length)\r\n\r\n")
        return try await client.readUntil { $0.contains("\r\n\r\n") }
    }

    private func expectNoUploads(_ contract: VendorContract) async throws {
        let file = try #require(ContractFile("none", size: 10, accepted: []))
        try await expectNotOffered(contract.create(file), contract.vendor)
    }

    private func expectNotOffered(_ response: Answer, _ vendor: String) async throws {
        #expect(response.status == 404, "\(vendor): \(response.json.text())")
        #expect(response.json["code"] == "method_not_supported", "\(vendor)")
    }

    /// What was uploaded is found, comes back byte for byte, and is gone once deleted: as far as the vendor offers it.
    private func expectStored(
        _ file: ContractFile, _ created: Answer, _ contract: VendorContract, isDeletable: Bool = true
    ) async throws {
        let what = "\(contract.vendor), \(file.name)"
        #expect(created.status == 200, "\(what): \(created.json.text())")
        guard created.status == 200 else { return }
        let id = created.json["id"]?.string ?? ""
        if id.isEmpty {
            // A vendor that names no file in its response leaves nothing to ask for; its coverage has to say so.
            #expect(contract.coverage["create"]?.isDocumented == false, "\(what) has no id: \(created.json.text())")
            return
        }
        var url = created.json["file_url"]?.string
        if contract.offers("get") {
            let response = try await contract.get(id)
            #expect(response.status == 200, "get \(what): \(response.json.text())")
            // Where ids are made from what a file is for, the record may hold the vendor's own.
            #expect(response.json["id"]?.string?.isEmpty == false, "get \(what)")
            url = response.json["file_url"]?.string ?? url
        }
        // Where it is not known what a record holds, it may be without an address; a download needs one.
        let isReachable = url != nil || contract.coverage["get"]?.isDocumented != false
        if contract.offers("download"), isReachable {
            let response = try await contract.downloadOnceThere(id, url)
            #expect(response.status == 200, "download \(what): \(response.json.text())")
            #expect(response.body == file.bytes, "download \(what)")
        }
        guard contract.offers("delete"), isDeletable else { return }
        let response = try await contract.delete(id)
        #expect(response.status == 200, "delete \(what): \(response.json.text())")
        if contract.offers("get") {
            let after = try await contract.get(id)
            #expect(after.status == 404, "get after delete \(what): \(after.json.text())")
        }
    }
}
