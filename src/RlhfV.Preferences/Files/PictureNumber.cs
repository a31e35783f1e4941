namespace RlhfV.Preferences;

/// <summary>Names a picture of an example in messages.</summary>
internal static class PictureNumber
{
    /// <summary>What stands before a message about a picture: which one it is where there are several, else nothing.</summary>
    /// <param name="index">Its place, from 0.</param>
    /// <param name="count">Number of pictures of the example.</param>
    public static string Prefix(int index, int count) => count > 1 ? $"picture {index + 1} of {count}: " : "";
}
