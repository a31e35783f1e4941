namespace RlhfV.Models.Tokenization;

/// <summary>Where <see cref="MetaspaceSplitter"/> puts its mark in front of a piece.</summary>
internal enum PrefixPlace
{
    Never,
    First,
    Always,
}
