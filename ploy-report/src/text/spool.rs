//! What is held back: in memory while it is little, else in a temporary file.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

/// How much of one piece is in memory at most, unless no file can be had.
const BLOCK: usize = 16 * 1024;

/// Where the rest is: one file for all pieces, without a name, so that nothing of it can be left
/// behind. What is freed is used again.
#[derive(Debug, Default)]
pub(crate) struct SpoolStore {
    file: Option<File>,
    /// How many blocks the file has.
    blocks: u64,
    free: Vec<u64>,
}

/// A piece that is held back. It belongs to the store with which it was made.
#[derive(Debug, Default)]
pub(crate) struct Spool {
    blocks: Vec<Block>,
    tail: Vec<u8>,
}

#[derive(Debug)]
enum Block {
    InFile(u64),
    /// There is no room in the file: nothing is lost as long as there is memory.
    InMemory(Vec<u8>),
}

impl SpoolStore {
    /// Adds to a piece.
    pub(crate) fn push(&mut self, spool: &mut Spool, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let room = (BLOCK - spool.tail.len()).min(bytes.len());
            let (now, rest) = bytes.split_at(room);
            spool.tail.extend_from_slice(now);
            bytes = rest;
            if spool.tail.len() == BLOCK {
                let block = match self.write(&spool.tail) {
                    Ok(number) => Block::InFile(number),
                    Err(_) => Block::InMemory(spool.tail.clone()),
                };
                spool.tail.clear();
                spool.blocks.push(block);
            }
        }
    }

    fn write(&mut self, block: &[u8]) -> io::Result<u64> {
        let file = match &self.file {
            Some(file) => file,
            None => self.file.insert(tempfile::tempfile()?),
        };
        let number = self.free.last().copied().unwrap_or(self.blocks);
        file.write_all_at(block, number * BLOCK as u64)?;
        if self.free.pop().is_none() {
            self.blocks += 1;
        }
        Ok(number)
    }

    /// Hands a piece out, part by part.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub(crate) fn read(&self, spool: &Spool, mut part: impl FnMut(&[u8])) -> io::Result<()> {
        let mut buffer = Vec::new();
        for block in &spool.blocks {
            match (block, &self.file) {
                (Block::InMemory(bytes), _) => part(bytes),
                (Block::InFile(number), Some(file)) => {
                    buffer.resize(BLOCK, 0);
                    file.read_exact_at(&mut buffer, number * BLOCK as u64)?;
                    part(&buffer);
                }
                (Block::InFile(_), None) => return Err(io::ErrorKind::NotFound.into()),
            }
        }
        part(&spool.tail);
        Ok(())
    }

    /// Hands a piece out, line by line, without their ends.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub(crate) fn lines(&self, spool: &Spool, mut line: impl FnMut(&[u8])) -> io::Result<()> {
        let mut open = Vec::new();
        self.read(spool, |part| {
            for piece in part.split_inclusive(|byte| *byte == b'\n') {
                open.extend_from_slice(piece);
                if open.last() == Some(&b'\n') {
                    open.pop();
                    line(&open);
                    open.clear();
                }
            }
        })?;
        if !open.is_empty() {
            line(&open);
        }
        Ok(())
    }

    /// Frees the room that a piece took.
    pub(crate) fn free(&mut self, spool: Spool) {
        for block in spool.blocks {
            if let Block::InFile(number) = block {
                self.free.push(number);
            }
        }
    }
}

impl Spool {
    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How long it is, in bytes.
    pub(crate) fn len(&self) -> usize {
        self.blocks.len() * BLOCK + self.tail.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(store: &SpoolStore, spool: &Spool) -> Vec<u8> {
        let mut all = Vec::new();
        store
            .read(spool, |part| all.extend_from_slice(part))
            .unwrap();
        all
    }

    #[test]
    fn what_is_held_back_comes_out_as_it_went_in() {
        let mut store = SpoolStore::default();
        let (mut one, mut other) = (Spool::default(), Spool::default());
        let piece = |number: usize| format!("{number}-").repeat(1000).into_bytes();
        let (mut in_one, mut in_other) = (Vec::new(), Vec::new());
        for number in 0..50 {
            store.push(&mut one, &piece(number));
            in_one.extend(piece(number));
            store.push(&mut other, &piece(number * 7));
            in_other.extend(piece(number * 7));
        }
        assert!(
            store.blocks > 5 && one.tail.len() < BLOCK,
            "{}",
            store.blocks
        );
        assert_eq!((one.len(), other.len()), (in_one.len(), in_other.len()));
        assert!(text(&store, &one) == in_one && text(&store, &other) == in_other);
        assert!(Spool::default().is_empty() && !one.is_empty());
    }

    #[test]
    fn room_is_used_again() {
        let mut store = SpoolStore::default();
        for _ in 0..10 {
            let mut spool = Spool::default();
            store.push(&mut spool, &vec![b'x'; BLOCK * 4]);
            store.free(spool);
        }
        assert_eq!(store.blocks, 4);
    }

    #[test]
    fn lines_come_out_whole() {
        let mut store = SpoolStore::default();
        let mut spool = Spool::default();
        let long = vec![b'y'; BLOCK * 2];
        for bytes in [b"a\n\nb" as &[u8], b"c\n", &long, b"\nend"] {
            store.push(&mut spool, bytes);
        }
        let mut lines = Vec::new();
        store
            .lines(&spool, |line| lines.push(line.to_vec()))
            .unwrap();
        let expected: [&[u8]; 5] = [b"a", b"", b"bc", &long, b"end"];
        assert!(lines == expected);
    }
}
