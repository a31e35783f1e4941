namespace RlhfV.Models.Native;

/// <summary>A dynamic symbol: its name, where the name starts in the string table, and the version index it is bound to.</summary>
internal readonly record struct ElfSymbol(uint NameOffset, string Name, bool IsDefined, ushort Version, int VersionOffset);
