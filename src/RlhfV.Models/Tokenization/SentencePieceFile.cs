namespace RlhfV.Models.Tokenization;

/// <summary>
/// What a <c>tokenizer.model</c> says, checked: a byte-pair model of the Llama kind. Other kinds of SentencePiece models are refused by
/// name,
/// because nothing here was compared with the reference on them.
/// </summary>
internal sealed record SentencePieceFile
{
    // Values of the enumerations in sentencepiece_model.proto.
    private const int BytePairModelType = 2;
    private const int Normal = 1;
    private const int Unknown = 2;
    private const int Control = 3;
    private const int Byte = 6;

    /// <summary>Ids by piece, of all kinds.</summary>
    public required Dictionary<string, int> Pieces { get; init; }

    /// <summary>The pieces that merging makes, with their scores: higher ones are made first.</summary>
    public required IReadOnlyList<(string Text, float Score)> NormalPieces { get; init; }

    /// <summary>Whether characters without a piece become the tokens of their bytes.</summary>
    public required bool ByteFallback { get; init; }

    /// <summary>The pieces that text never becomes: beginning and end of a sentence.</summary>
    public required IReadOnlyList<string> ControlPieces { get; init; }

    /// <summary>The piece for what has no other.</summary>
    public required string UnknownPiece { get; init; }

    /// <summary>The piece that begins a sentence, or null.</summary>
    public required string? BeginPiece { get; init; }

    /// <summary>The piece that ends a sentence, or null.</summary>
    public required string? EndPiece { get; init; }

    /// <summary>Whether every text gets a blank in front.</summary>
    public required bool AddDummyPrefix { get; init; }

    public static SentencePieceFile Read(string path, ReadOnlySpan<byte> bytes)
    {
        var pieces = new List<Piece>();
        var trainer = default(Trainer);
        var normalizer = new Normalizer(AddDummyPrefix: true, RemoveExtraBlanks: true, EscapeBlanks: true, HasCharacterMap: false);
        var reader = new ProtobufReader(path, bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    pieces.Add(ReadPiece(path, reader.Message()));
                    break;
                case 2:
                    trainer = ReadTrainer(path, reader.Message());
                    break;
                case 3:
                    normalizer = ReadNormalizer(path, reader.Message(), normalizer);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return Check(path, pieces, trainer, normalizer);
    }

    private static SentencePieceFile Check(string path, List<Piece> pieces, Trainer trainer, Normalizer normalizer)
    {
        if (pieces.Count is 0 or > Vocabulary.LargestId)
            throw Refused($"{pieces.Count} pieces", $"from 1 to {Vocabulary.LargestId} pieces");
        if (trainer.ModelType != BytePairModelType)
            throw Refused($"model type {trainer.ModelType}", "type 2, byte-pair encoding (Llama's)");
        if (normalizer.HasCharacterMap || normalizer.RemoveExtraBlanks || !normalizer.EscapeBlanks || trainer.BlankAsSuffix)
            throw Refused("a normalisation that rewrites the text",
                "Llama's: no character map, blanks kept and written as U+2581 in front of words");

        var ids = new Dictionary<string, int>(pieces.Count);
        for (int id = 0; id < pieces.Count; id++)
        {
            Piece piece = pieces[id];
            if (piece.Text.Length == 0 || !float.IsFinite(piece.Score) || piece.Type is not (Normal or Unknown or Control or Byte))
                throw Refused(
                    $"piece {id} '{piece.Text}' of type {piece.Type} with score {piece.Score}",
                    "a text, a finite score and type 1, 2, 3 or 6");
            if (!ids.TryAdd(piece.Text, id))
                throw Refused($"the piece '{piece.Text}' twice", "every piece once");
        }

        if (trainer.UnknownId < 0 || trainer.UnknownId >= pieces.Count
            || pieces[trainer.UnknownId].Type != Unknown || pieces.Count(p => p.Type == Unknown) != 1)
            throw Refused($"unknown piece {trainer.UnknownId}", "one piece of type 2, which unk_id names");
        int bytes = Enumerable.Range(0, 256).Count(b => ids.TryGetValue(ByteToken.Name((byte)b), out int id) && pieces[id].Type == Byte);
        if (trainer.ByteFallback ? bytes != 256 : pieces.Exists(p => p.Type == Byte))
            throw Refused($"{bytes} byte pieces with byte fallback {(trainer.ByteFallback ? "on" : "off")}",
                "all 256 and on, or none and off");
        return new SentencePieceFile
        {
            Pieces = ids,
            NormalPieces = [.. pieces.Where(p => p.Type == Normal).Select(p => (p.Text, p.Score))],
            ByteFallback = trainer.ByteFallback,
            ControlPieces = [.. pieces.Where(p => p.Type == Control).Select(p => p.Text)],
            UnknownPiece = pieces[trainer.UnknownId].Text,
            BeginPiece = ControlPiece(trainer.BeginId),
            EndPiece = ControlPiece(trainer.EndId),
            AddDummyPrefix = normalizer.AddDummyPrefix,
        };

        string? ControlPiece(int id)
        {
            if (id < 0)
                return null;
            return id < pieces.Count && pieces[id].Type == Control
                ? pieces[id].Text
                : throw Refused($"sentence piece {id}", "the id of a control piece");
        }

        ModelFormatException Refused(string found, string expected) => new($"{path}: found {found}; expected {expected}.");
    }

    private static Piece ReadPiece(string path, ReadOnlySpan<byte> message)
    {
        var piece = new Piece("", 0, Normal);
        var reader = new ProtobufReader(path, message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    piece = piece with { Text = reader.Text() };
                    break;
                case 2:
                    piece = piece with { Score = reader.Single() };
                    break;
                case 3:
                    piece = piece with { Type = reader.Integer() };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return piece;
    }

    private static Trainer ReadTrainer(string path, ReadOnlySpan<byte> message)
    {
        // The defaults of the format: unigram, unknown 0, begin 1, end 2.
        var trainer = new Trainer(ModelType: 1, BlankAsSuffix: false, ByteFallback: false, UnknownId: 0, BeginId: 1, EndId: 2);
        var reader = new ProtobufReader(path, message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 3:
                    trainer = trainer with { ModelType = reader.Integer() };
                    break;
                case 24:
                    trainer = trainer with { BlankAsSuffix = reader.Flag() };
                    break;
                case 35:
                    trainer = trainer with { ByteFallback = reader.Flag() };
                    break;
                case 40:
                    trainer = trainer with { UnknownId = reader.Integer() };
                    break;
                case 41:
                    trainer = trainer with { BeginId = reader.Integer() };
                    break;
                case 42:
                    trainer = trainer with { EndId = reader.Integer() };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return trainer;
    }

    private static Normalizer ReadNormalizer(string path, ReadOnlySpan<byte> message, Normalizer normalizer)
    {
        var reader = new ProtobufReader(path, message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2:
                    normalizer = normalizer with { HasCharacterMap = reader.Message().Length > 0 };
                    break;
                case 3:
                    normalizer = normalizer with { AddDummyPrefix = reader.Flag() };
                    break;
                case 4:
                    normalizer = normalizer with { RemoveExtraBlanks = reader.Flag() };
                    break;
                case 5:
                    normalizer = normalizer with { EscapeBlanks = reader.Flag() };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return normalizer;
    }

    private readonly record struct Piece(string Text, float Score, int Type);

    private readonly record struct Trainer(int ModelType, bool BlankAsSuffix, bool ByteFallback, int UnknownId, int BeginId, int EndId);

    private readonly record struct Normalizer(bool AddDummyPrefix, bool RemoveExtraBlanks, bool EscapeBlanks, bool HasCharacterMap);
}
