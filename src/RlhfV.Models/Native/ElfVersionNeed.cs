namespace RlhfV.Models.Native;

/// <summary>
/// A version that an object requires from a library: <see cref="Index"/> is the number by which symbols refer to it,
/// <see cref="EntryOffset"/> the file offset of its 16 bytes {hash, flags, index, name, next}.
/// </summary>
internal readonly record struct ElfVersionNeed(string Library, string Version, uint Hash, ushort Index, uint NameOffset, int EntryOffset);
