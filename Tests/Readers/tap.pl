# Reads TAP with TAP::Parser and prints a line for each test point, diagnostic and error. Usage: perl tap.pl FILE
use strict;
use warnings;
use TAP::Parser;

# Given a name, the parser would run the file.
open my $file, '<:encoding(UTF-8)', $ARGV[0] or die "$ARGV[0]: $!";
my $parser = TAP::Parser->new( { tap => do { local $/; <$file> } } );
while ( my $result = $parser->next ) {
    if ( $result->is_test ) {
        printf "%s %d %s\n", $result->is_actual_ok ? 'ok' : 'not ok', $result->number, $result->directive || '-';
    }
    elsif ( $result->is_yaml ) {
        printf "yaml %s %s\n", $result->data->{outcome}, $result->data->{at}{line};
    }
}
print "error $_\n" for $parser->parse_errors;
print "plan ", $parser->tests_planned, " failed ", scalar( $parser->failed ), "\n";
