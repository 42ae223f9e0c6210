/* Certificates for tests, made with the openssl program in the folder a test runs in. */
#ifndef X509_MADE_H
#define X509_MADE_H
#include <stdlib.h>

static const char *const x509_script =
	"set -e\n"
	"exec >/dev/null 2>&1\n"
	"export OPENSSL_CONF=/dev/null\n"
	"conf() { printf '[req]\\ndistinguished_name=dn\\nprompt=no\\nstring_mask=utf8only\\nutf8=yes\\n"
	"x509_extensions=e\\n[dn]\\n%b\\n[e]\\n%b\\n' \"$1\" \"$2\"; }\n"
	"self() { conf \"$2\" \"$3\" > $1.cnf; openssl req -x509 -nodes -newkey ${4:-ec} ${5:--pkeyopt ec_paramgen_curve:P-256} "
	"-config $1.cnf -keyout $1.key -out $1.pem -days ${6:-30}; }\n"
	"mkdir -p ca2; touch index; echo 1000 > serial\n"
	"printf '[ca]\\ndefault_ca=d\\n[d]\\ndatabase=index\\nnew_certs_dir=.\\nserial=serial\\ndefault_md=sha256\\npolicy=p\\n"
	"unique_subject=no\\n[p]\\ncommonName=optional\\norganizationName=optional\\ncountryName=optional\\n' > signer.cnf\n"
	"issue() { conf \"$3\" \"$4\" > $1.cnf; openssl req -new -nodes -newkey ec -pkeyopt ec_paramgen_curve:P-256 "
	"-config $1.cnf -keyout $1.key -out $1.csr; openssl ca -batch -config signer.cnf -cert $2.pem -keyfile $2.key "
	"-in $1.csr -out $1.pem -notext -extfile $1.cnf -extensions e -startdate $5 -enddate $6; }\n"
	"CA='basicConstraints=critical,CA:true\\nkeyUsage=keyCertSign,cRLSign'\n"
	"self ca 'CN=the ca' \"$CA\"\n"
	"self ca2/other 'CN=the ca' \"$CA\"\n"
	"self rsa 'C=DE\\nO=some\\nCN=rsa.example' 'keyUsage=digitalSignature,keyEncipherment' rsa:2048 ' '\n"
	"self nocn 'O=only an organisation' 'subjectKeyIdentifier=hash'\n"
	"self twocn '0.CN=first.example\\n1.CN=second.example' 'keyUsage=critical,nonRepudiation'\n"
	"self long \"CN=$(printf '%064d' 7)\" 'keyUsage=encipherOnly,keyAgreement,decipherOnly'\n"
	"self utf 'CN=\\303\\274ber.\\342\\202\\254.example' 'extendedKeyUsage=serverAuth'\n"
	"issue leaf ca 'O=org\\nCN=leaf.example' 'keyUsage=digitalSignature\\nsubjectAltName=DNS:alt.example' 20200102030405Z 20991231235959Z\n"
	"issue sub ca 'CN=a sub ca' \"$CA\" 20200102030405Z 20991231235959Z\n"
	"issue subleaf sub 'CN=sub.example' 'subjectAltName=DNS:alt.example' 20200229000000Z 20500101000000Z\n"
	"issue thisage ca 'O=org\\nCN=leaf.example' 'keyUsage=digitalSignature' 20200102030405Z 20491231235959Z\n"
	"issue now ca 'O=org\\nCN=now.example' 'keyUsage=digitalSignature' "
	"$(date -u +%Y%m%d%H%M%SZ) $(date -u -d '30 days' +%Y%m%d%H%M%SZ)\n"
	"issue old ca 'CN=old.example' 'keyUsage=dataEncipherment' 19700101000000Z 20010203040506Z\n"
	"issue early ca 'CN=early.example' 'keyUsage=dataEncipherment' 19500101000000Z 19991231235959Z\n"
	"issue future ca 'CN=future.example' 'keyUsage=dataEncipherment' 20900101000000Z 29991231235959Z\n"
	"cat leaf.pem ca.pem > leafchain.pem\n"
	"cat subleaf.pem sub.pem > chain.pem\n"
	"cat leaf.pem rsa.pem > unrelated.pem\n"
	"openssl x509 -in leaf.pem -text > text.pem\n"
	"sed s/CERTIFICATE/NONSENSE/ leaf.pem > nonsense.pem\n"
	"sed 5d leaf.pem > broken.pem\n"
	"for c in rsa leaf; do openssl x509 -in $c.pem -noout -pubkey | openssl pkey -pubin -outform DER -out $c.spki; done\n";


/* NAME.pem of each; 0 when all are there */
static inline int x509_make(void)
{
	return system(x509_script);
}
#endif
