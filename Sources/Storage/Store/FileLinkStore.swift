/// Files that vendors fetch from the gateway. Every node sees the same links, counts and pieces.
package protocol FileLinkStore: Sendable {
    func insertFileLink(_ record: FileLinkRecord, key: EncryptedRecord) async throws(StorageError)
    /// The link with its key; an expired one is nothing.
    func fileLink(_ id: String, now: Timestamp) async throws(StorageError) -> Encrypted<FileLinkRecord>?
    /// Counts one fetch, where the link allows one more; whether it did.
    func beginFileFetch(_ id: String, now: Timestamp) async throws(StorageError) -> Bool
    /// Takes back the count of a fetch that broke off.
    func cancelFileFetch(_ id: String) async throws(StorageError)
    /// Adds a piece.
    ///
    /// - Parameter length: bytes of the whole file, with its last piece alone.
    /// - Throws: `.reference` where the link is gone.
    func insertFilePiece(_ piece: FilePiece, _ number: Int64, of id: String, length: Int64?) async throws(StorageError)
    func filePiece(_ number: Int64, of id: String) async throws(StorageError) -> FilePiece?
    /// Removes a link with its file and its key.
    func deleteFileLink(_ id: String) async throws(StorageError)
    /// Removes expired links with their files and keys; how many.
    func deleteFileLinks(expiredAt: Timestamp, limit: Int) async throws(StorageError) -> Int
}

extension SQLStore: FileLinkStore {
    package func insertFileLink(_ record: FileLinkRecord, key: EncryptedRecord) async throws(StorageError) {
        try await engine.write { session in
            try session.insert(record)
            guard try session.apply(.replace(key)) else { throw StorageError.conflict("the file has a key already") }
        }
    }

    package func fileLink(_ id: String, now: Timestamp) async throws(StorageError) -> Encrypted<FileLinkRecord>? {
        try await engine.read { session in
            guard let found: FileLinkRecord = try session.first(where: "id = \(id) AND expires_at > \(now)") else { return nil }
            return Encrypted(record: found, secrets: try session.secrets(of: id))
        }
    }

    package func beginFileFetch(_ id: String, now: Timestamp) async throws(StorageError) -> Bool {
        try await engine.write { session in
            try session.run(
                """
                UPDATE file_links SET fetches = fetches + 1
                WHERE id = \(id) AND expires_at > \(now) AND (most_fetches IS NULL OR fetches < most_fetches)
                """) > 0
        }
    }

    package func cancelFileFetch(_ id: String) async throws(StorageError) {
        _ = try await engine.write { session in
            try session.run("UPDATE file_links SET fetches = fetches - 1 WHERE id = \(id) AND fetches > 0")
        }
    }

    package func insertFilePiece(
        _ piece: FilePiece, _ number: Int64, of id: String, length: Int64?
    ) async throws(StorageError) {
        try await engine.write { session in
            try session.run(
                """
                INSERT INTO file_pieces (link_id, number, is_last, sealed)
                VALUES (\(id), \(number), \(piece.isLast), \(piece.sealed))
                """)
            guard piece.isLast else { return }
            try session.run("UPDATE file_links SET is_whole = 1, length = \(length) WHERE id = \(id)")
        }
    }

    package func filePiece(_ number: Int64, of id: String) async throws(StorageError) -> FilePiece? {
        try await engine.read { session in
            let found = try session.rows(
                "SELECT is_last, sealed FROM file_pieces WHERE link_id = \(id) AND number = \(number)")
            guard var row = found.first else { return nil }
            return FilePiece(isLast: try row.flag(), sealed: try row.text())
        }
    }

    package func deleteFileLink(_ id: String) async throws(StorageError) {
        try await engine.write { session in
            try session.run("DELETE FROM file_links WHERE id = \(id)")
            try session.deleteSealed(of: [id])
        }
    }

    package func deleteFileLinks(expiredAt time: Timestamp, limit: Int) async throws(StorageError) -> Int {
        try await engine.write { session in
            try session.deleteWithSealed(
                """
                DELETE FROM file_links WHERE id IN (
                    SELECT id FROM file_links WHERE expires_at <= \(time) ORDER BY expires_at LIMIT \(limit)
                ) RETURNING id
                """)
        }
    }
}
