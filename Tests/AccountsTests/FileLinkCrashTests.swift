import Foundation
import Storage
import StorageTestSupport
import Testing

@testable import Accounts

/// Files that vendors fetch, after the process that was writing one has died.
@Suite struct FileLinkCrashTests {
    /// Gives the same ids each time, and others than the harness has used.
    private static func world() -> World {
        let world = World()
        _ = world.effects.randomBytes(4096)
        return world
    }

    @Test(arguments: StoreKind.tested)
    func `a node killed while it writes a file leaves nothing behind the file's expiry`(kind: StoreKind) async throws {
        try await kind.withDatabase { address in
            try await Harness.run(on: address) { harness in
                let id = Self.world().effects.uuid()
                await #expect(processExitsWith: .signal(SIGKILL)) {
                    [address = address as String, environment = harness.environment as String] in
                    let world = Self.world()
                    let store = try await SQLStore.open(
                        try #require(DatabaseLocation(address)), now: world.effects.now())
                    let vault = Vault(ring: try KeyRing(Secret(Harness.keyText)), effects: world.effects)
                    let links = FileLinkService(store: store, vault: vault, effects: world.effects)
                    let link = try await links.make(
                        .init(name: "cv.pdf", contentType: nil), length: nil, times: nil, lifetime: 60, environment: environment)
                    try await links.add(FilePiece(isLast: false, sealed: "c2VhbGVk"), 0, to: link, length: nil)
                    kill(getpid(), SIGKILL)
                }
                try await Self.expectNothingLeft(of: id, harness)
            }
        }
    }

    private static func expectNothingLeft(of id: String, _ harness: Harness) async throws {
        let (store, links) = (harness.store, harness.services.fileLinks)
        let start = harness.world.effects.now()
        #expect(try await store.fileLink(id, now: start) != nil)
        #expect(try await store.filePiece(0, of: id) != nil)
        #expect(try await links.purge() == 0)

        harness.world.pass(seconds: 61)
        #expect(try await links.purge() == 1)
        #expect(try await store.fileLink(id, now: start) == nil)
        #expect(try await store.filePiece(0, of: id) == nil)
        #expect(try await store.sealed(id, field: EncryptedRecord.secretsField) == nil)
    }
}
