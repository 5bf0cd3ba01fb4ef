import Foundation
internal import Glibc

/// Whose files are that root makes among those of the service.
///
/// A command that root runs by hand must not leave a journal that the daemon, which runs as its own user, can't open.
package enum Ownership {
    /// Gives what root made to whom its folder belongs to; does nothing for any other user.
    ///
    /// - Parameter paths: The files, of which some may be missing.
    package static func giveToFolder(_ paths: [String]) {
        guard geteuid() == 0 else { return }
        for path in paths {
            let folder = URL(filePath: path).deletingLastPathComponent().path
            var owner = stat()
            var file = stat()
            // A file that has another name too may be anybody's: who owns the folder could have linked it there.
            guard unsafe stat(folder, &owner) == 0, unsafe lstat(path, &file) == 0, file.st_uid == 0, owner.st_uid != 0,
                file.st_nlink == 1
            else { continue }
            // What can't be given stays as it is: the daemon then says that it can't open it, and why.
            _ = unsafe lchown(path, owner.st_uid, owner.st_gid)
        }
    }

    /// Gives a journal, with the files beside it, to whom its folder belongs to.
    static func giveJournal(_ path: String) {
        Self.giveToFolder(["", "-wal", "-shm", ".run", ".lock", ".wake"].map { path + $0 })
    }
}
