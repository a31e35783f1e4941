using System.Buffers.Binary;
using System.Security.Cryptography;
using RlhfV.Models.Images;

namespace RlhfV.Models;

/// <summary>
/// Where a picture comes from: a file, encoded bytes, or pixels. Nothing is read or decoded before <see cref="Decode"/>; a source may be
/// decoded many times and from many threads.
/// </summary>
public sealed class ImageSource
{
    private readonly string? _path;
    private readonly ReadOnlyMemory<byte> _encoded;
    private readonly RgbImage? _image;

    private ImageSource(string name, string? path = null, ReadOnlyMemory<byte> encoded = default, RgbImage? image = null) =>
        (Name, _path, _encoded, _image) = (name, path, encoded, image);

    /// <summary>What messages call the picture: the path, the name that was given, or "picture".</summary>
    public string Name { get; }

    /// <summary>A picture in a file (PNG, JPEG, WebP, GIF or BMP), read anew whenever it is decoded.</summary>
    /// <param name="path">The file's path.</param>
    public static ImageSource FromFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new ImageSource(path, path: path);
    }

    /// <summary>An encoded picture (PNG, JPEG, WebP, GIF or BMP) in memory.</summary>
    /// <param name="encoded">The encoded bytes. They are not copied: do not change them.</param>
    /// <param name="name">What messages shall call the picture, or null.</param>
    public static ImageSource FromBytes(ReadOnlyMemory<byte> encoded, string? name = null) => new(name ?? "picture", encoded: encoded);

    /// <summary>A picture that is decoded already.</summary>
    /// <param name="image">The pixels.</param>
    public static ImageSource FromRgb(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return new ImageSource("picture", image: image);
    }

    /// <summary>The picture's pixels.</summary>
    /// <param name="options">How to decode; null for <see cref="ImageDecodeOptions.Default"/>. Without effect on a picture from pixels.</param>
    /// <exception cref="ImageFormatException">The picture is damaged, cut off, of an unknown format or too large.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public RgbImage Decode(ImageDecodeOptions? options = null) =>
        _image ?? ImageDecoder.Decode(_path is null ? _encoded : File.ReadAllBytes(_path), Name, options ?? ImageDecodeOptions.Default);

    /// <summary>The picture's size as it is stored, before any EXIF orientation. Reads the header only, and reserves no memory for pixels.</summary>
    /// <exception cref="ImageFormatException">The header is damaged or of an unknown format.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public ImageSize ReadSize() =>
        _image is { } image ? new ImageSize(image.Width, image.Height) : ImageDecoder.ReadSize(_path is null ? _encoded : File.ReadAllBytes(_path), Name);

    /// <summary>
    /// SHA-256 of the encoded bytes, or of size and pixels for a picture from pixels, in lower-case hexadecimal: a key under which something
    /// computed from the picture can be stored.
    /// </summary>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public string ContentHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (_image is not null)
        {
            Span<byte> size = stackalloc byte[8];
            BinaryPrimitives.WriteInt32LittleEndian(size, _image.Width);
            BinaryPrimitives.WriteInt32LittleEndian(size[4..], _image.Height);
            hash.AppendData(size);
            hash.AppendData(_image.Pixels);
        }
        else
        {
            hash.AppendData(_path is null ? _encoded.Span : File.ReadAllBytes(_path));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
