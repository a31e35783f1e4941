namespace RlhfV.Evaluation;

/// <summary>Which objects each picture shows.</summary>
public sealed class ObjectTruth
{
    private readonly Dictionary<string, IReadOnlySet<string>> _images;

    private ObjectTruth(Dictionary<string, IReadOnlySet<string>> images, IReadOnlyList<EvaluationDiagnostic> diagnostics)
    {
        _images = images;
        Diagnostics = diagnostics;
    }

    /// <summary>The pictures and the classes seen in each.</summary>
    public IReadOnlyDictionary<string, IReadOnlySet<string>> Images => _images;

    /// <summary>Annotations that were left out, and why.</summary>
    public IReadOnlyList<EvaluationDiagnostic> Diagnostics { get; }

    /// <summary>Takes the truth from annotations of your own.</summary>
    /// <param name="images">Image ids and the objects in each picture: class names or other words of the vocabulary.</param>
    /// <param name="vocabulary">The known words; others are reported in <see cref="Diagnostics"/> and left out.</param>
    public static ObjectTruth From(IEnumerable<KeyValuePair<string, IEnumerable<string>>> images, ObjectVocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(vocabulary);
        var builder = new ObjectTruthBuilder(vocabulary);
        foreach ((string image, IEnumerable<string> objects) in images)
        {
            builder.AddImage(image);
            foreach (string name in objects)
            {
                builder.AddObject(image, name);
            }
        }

        return builder.Build();
    }

    /// <summary>
    /// Takes the truth from COCO annotations: the classes of an image's instances and the classes its human captions mention (CHAIR,
    /// section 3).
    /// </summary>
    /// <param name="instanceFiles">Files such as <c>instances_val2014.json</c>; read as a stream.</param>
    /// <param name="captionFiles">Files such as <c>captions_val2014.json</c>; read as a stream.</param>
    /// <param name="reader">Finds objects in the captions; its vocabulary names the classes.</param>
    /// <param name="images">The only images to keep, or null for all.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">A file is not in COCO layout; the message names file, line and byte.</exception>
    public static ObjectTruth FromCoco(
        IEnumerable<string> instanceFiles, IEnumerable<string> captionFiles, ObjectReader reader,
        IReadOnlySet<string>? images = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(instanceFiles);
        ArgumentNullException.ThrowIfNull(captionFiles);
        ArgumentNullException.ThrowIfNull(reader);
        var builder = new ObjectTruthBuilder(reader.Vocabulary);
        foreach (string file in instanceFiles)
        {
            builder.AddInstances(CocoFile.ReadInstances(file, images, cancellationToken));
        }

        foreach (string file in captionFiles)
        {
            CocoFile.ReadCaptions(
                file,
                (image, caption) =>
                {
                    builder.AddImage(image);
                    foreach (ObjectMention mention in reader.Read(caption).Mentions)
                    {
                        builder.AddClass(image, mention.Class);
                    }
                },
                images, cancellationToken);
        }

        return builder.Build();
    }

    /// <summary>The classes a picture shows.</summary>
    /// <param name="image">The image's id.</param>
    /// <param name="objects">Its classes; may be empty.</param>
    /// <returns>False when the picture has no annotation.</returns>
    public bool TryGetObjects(string image, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IReadOnlySet<string>? objects) =>
        _images.TryGetValue(image, out objects);

    /// <summary>Gathers classes per image.</summary>
    private sealed class ObjectTruthBuilder(ObjectVocabulary vocabulary)
    {
        private readonly Dictionary<string, IReadOnlySet<string>> _images = new(StringComparer.Ordinal);
        private readonly SortedDictionary<string, int> _unknown = new(StringComparer.Ordinal);

        public void AddImage(string image)
        {
            if (!_images.ContainsKey(image))
            {
                _images[image] = new HashSet<string>(StringComparer.Ordinal);
            }
        }

        public void AddClass(string image, string objectClass)
        {
            AddImage(image);
            ((HashSet<string>)_images[image]).Add(objectClass);
        }

        public void AddObject(string image, string name)
        {
            if (vocabulary.TryGetClass(name, out string? objectClass))
            {
                AddClass(image, objectClass);
            }
            else
            {
                _unknown[name] = _unknown.GetValueOrDefault(name) + 1;
            }
        }

        public void AddInstances(CocoInstances instances)
        {
            foreach (string image in instances.Images)
            {
                AddImage(image);
            }

            foreach (CocoObject instance in instances.Objects)
            {
                AddObject(instance.Image, instance.Category);
            }
        }

        public ObjectTruth Build() => new(_images,
        [
            .. _unknown.Select(u => new EvaluationDiagnostic(
                DiagnosticCode.UnknownObject, u.Key,
                $"The vocabulary has no word '{u.Key}'; {u.Value} annotations with it were left out.")),
        ]);
    }
}
