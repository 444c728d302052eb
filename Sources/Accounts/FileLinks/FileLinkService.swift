import JSON
package import Storage

/// Makes addresses under which vendors fetch files, for all nodes.
package struct FileLinkService: Sendable {
    let store: any FileLinkStore
    let vault: Vault
    let effects: Effects

    /// Makes a link whose file is not there yet.
    ///
    /// - Parameters:
    ///   - length: bytes of the file, where they are known.
    ///   - times: how often it may be fetched; nil: as often as wanted.
    ///   - lifetime: seconds.
    package func make(
        _ file: FileLink.Description, length: Int64?, times: Int?, lifetime: Int, environment: String
    ) async throws(AccountsError) -> FileLink {
        let now = effects.now()
        let record = FileLinkRecord(
            id: effects.uuid(), environmentID: environment, length: length, mostFetches: times.map(Int64.init),
            expiresAt: now.adding(seconds: Int64(lifetime)), createdAt: now)
        let link = FileLink(record, file, secret: effects.randomBytes(32))
        let place = EncryptionContext.secrets(of: record.id, environment: environment)
        let key = try vault.seal(link.sealed, for: place, version: 1, at: now)
        try await stored { () async throws(StorageError) in try await store.insertFileLink(record, key: key) }
        return link
    }

    /// The link of an address; nil for one that is unknown, expired or not signed by it.
    package func open(_ id: String, expires: String, signature: String) async throws(AccountsError) -> FileLink? {
        guard let link = try await find(id), link.isSigned(expires: expires, signature: signature) else { return nil }
        return link
    }

    /// The link as it is now; nil where it is gone.
    package func find(_ id: String) async throws(AccountsError) -> FileLink? {
        let now = effects.now()
        let found = try await stored { () async throws(StorageError) in try await store.fileLink(id, now: now) }
        guard let found else { return nil }
        let place = EncryptionContext.secrets(of: id, environment: found.record.environmentID)
        return FileLink(found.record, sealed: try vault.open(found.secrets, for: place))
    }

    /// Counts a fetch; whether the link allows it. Of several nodes that ask at once one gets the last.
    package func beginFetch(_ link: FileLink) async throws(AccountsError) -> Bool {
        let now = effects.now()
        return try await stored { () async throws(StorageError) in try await store.beginFileFetch(link.id, now: now) }
    }

    /// Takes a fetch back that broke off: the vendor has to be able to try again.
    package func cancelFetch(_ link: FileLink) async throws(AccountsError) {
        try await stored { () async throws(StorageError) in try await store.cancelFileFetch(link.id) }
    }

    /// Removes the file of a link that may not be fetched any more.
    package func endFetch(_ link: FileLink) async throws(AccountsError) {
        guard let most = link.record.mostFetches, let now = try await find(link.id), now.record.fetches >= most else { return }
        try await remove(link)
    }

    package func add(
        _ piece: FilePiece, _ number: Int64, to link: FileLink, length: Int64?
    ) async throws(AccountsError) {
        try await stored { () async throws(StorageError) in
            try await store.insertFilePiece(piece, number, of: link.id, length: length)
        }
    }

    package func piece(_ number: Int64, of link: FileLink) async throws(AccountsError) -> FilePiece? {
        try await stored { () async throws(StorageError) in try await store.filePiece(number, of: link.id) }
    }

    package func remove(_ link: FileLink) async throws(AccountsError) {
        try await stored { () async throws(StorageError) in try await store.deleteFileLink(link.id) }
    }

    /// Removes what has expired. Runs at the start too, for files of a process that died.
    @discardableResult
    package func purge() async throws(AccountsError) -> Int {
        let now = effects.now()
        // Few at a time: each may be large, and is deleted in one transaction.
        return try await stored { () async throws(StorageError) in
            try await store.deleteFileLinks(expiredAt: now, limit: 20)
        }
    }
}
